package shop;

/** An amount of money, in cents. */
public record Price(long cents) {
    public Price times(int count) {
        return new Price(cents * count);
    }

    @Override
    public String toString() {
        return "%d.%02d".formatted(cents / 100, cents % 100);
    }
}
