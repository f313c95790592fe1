package dev.velo.core.present;

import java.util.List;

/**
 * What a checkout made.
 *
 * @param files regular files with bytes
 * @param linked how many of them are hard links to inodes of the store
 * @param made how many inodes had to be made for those links first
 * @param copied how many files were copied although links were asked for, because none could be made
 * @param warnings what was left out, and why files were copied
 */
public record CheckoutReport(long files, long linked, long made, long copied, List<String> warnings) {}
