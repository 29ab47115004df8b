package wasmbpf.host.object;

/**
 * How strictly an object is read.
 *
 * @param objectName      the object's name, or null: its file's name up to the first dot
 * @param foreignSections accept section names of other loaders ({@link SectionDefs#findForeign})
 * @param legacyMaps      accept {@code struct bpf_map_def} definitions in section {@code maps}
 * @param relaxedMaps     ignore members of a map definition that libbpf does not know
 */
public record ReadOptions(String objectName, boolean foreignSections, boolean legacyMaps, boolean relaxedMaps) {
    /** What libbpf reads, and what other loaders read besides. */
    public static final ReadOptions DEFAULT = new ReadOptions(null, true, true, false);

    /** What libbpf 1.x reads, and nothing else. */
    public static final ReadOptions LIBBPF = new ReadOptions(null, false, false, false);

    public ReadOptions withObjectName(String name) {
        return new ReadOptions(name, foreignSections, legacyMaps, relaxedMaps);
    }
}
