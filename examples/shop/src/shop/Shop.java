package shop;

/** Says what things cost. */
public final class Shop {
    private Shop() {}

    public static void main(String[] arguments) {
        System.out.println("3 apples cost " + new Price(50).times(3));
    }
}
