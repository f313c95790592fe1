package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel needs to know of an image to mount it.
 *
 * @param tree which tree it shows
 * @param path absolute path of the image; its last name is the anchor's
 * @param uuid the 16 bytes of its superblock
 * @param packs absolute paths of the packs, in the order of the device slots
 * @param erofsBytes how much of the file the kernel reads
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record ImageFiles(Digest tree, byte[] path, byte[] uuid, List<byte[]> packs, long erofsBytes) {
    /** Those of an open image of this store. */
    public static ImageFiles of(Store store, Image image) {
        List<byte[]> packs = new ArrayList<>();
        for (Digest pack : image.packs()) {
            packs.add(PathBytes.join(store.path(Store.Room.PACKS), PathBytes.of(pack + ".pack")));
        }
        return new ImageFiles(image.tree(), image.path(), image.uuid(), packs, image.erofsBytes());
    }

    /** The {@code f_fsid} of a mount of this image: the two halves of the uuid, folded. */
    long fileSystemId() {
        ByteBuffer halves = ByteBuffer.wrap(uuid).order(ByteOrder.LITTLE_ENDIAN);
        return halves.getLong(0) ^ halves.getLong(Long.BYTES);
    }
}
