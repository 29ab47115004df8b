package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import wasmbpf.core.CoreRelo;
import wasmbpf.core.InsnBuffer;

/**
 * One function of an object: an entry program, or a subprogram of {@code .text}.
 *
 * <p>Setters may be called until the object is loaded; not thread safe. Types and flags are the kernel's numbers.
 */
public final class ProgramSpec {
    private final int index;
    private final String name;
    private final String sectionName;
    private final int sectionIndex;
    private final int sectionInsnOffset;
    private final InsnBuffer code;
    private final boolean subprogram;
    private final boolean global;
    private final boolean hidden;
    private final SectionDef sectionDef;
    private final List<ProgramRelocation> relocations = new ArrayList<>();
    private final List<CoreRelo> coreRelocations = new ArrayList<>();

    private int type;
    private int expectedAttachType;
    private int flags;
    private int ifindex;
    private boolean autoload;
    private boolean autoattach = true;
    private int logLevel;
    private int attachProgramFd;
    private String attachTarget;

    ProgramSpec(int index, String name, String sectionName, int sectionIndex, int sectionInsnOffset, InsnBuffer code,
                boolean subprogram, boolean global, boolean hidden, boolean autoload, SectionDef sectionDef) {
        this.index = index;
        this.name = name;
        this.sectionName = sectionName;
        this.sectionIndex = sectionIndex;
        this.sectionInsnOffset = sectionInsnOffset;
        this.code = code;
        this.subprogram = subprogram;
        this.global = global;
        this.hidden = hidden;
        this.autoload = autoload;
        this.sectionDef = sectionDef;
        if (sectionDef != null) {
            type = sectionDef.type().number();
            expectedAttachType = sectionDef.attachType().number();
        }
    }

    /** Place in {@link ObjectSpec#programs()}. */
    public int index() {
        return index;
    }

    /** The C function. */
    public String name() {
        return name;
    }

    /** What SEC() said, without a leading {@code ?}. */
    public String sectionName() {
        return sectionName;
    }

    public int sectionIndex() {
        return sectionIndex;
    }

    /** Where it starts in its section, in instructions. */
    public int sectionInsnOffset() {
        return sectionInsnOffset;
    }

    /** Its length in the file, in instructions. */
    public int insnCount() {
        return code.count();
    }

    /** The instructions as the file has them. Linking works on copies. */
    public InsnBuffer code() {
        return code;
    }

    /** Whether it is a function that entry programs call, which is never loaded by itself. */
    public boolean subprogram() {
        return subprogram;
    }

    /** Not static. */
    public boolean global() {
        return global;
    }

    /** Global with hidden or internal visibility: static as far as the verifier is concerned. */
    public boolean hidden() {
        return hidden;
    }

    /** The row of the SEC() table, or null if the section name means nothing. */
    public SectionDef sectionDef() {
        return sectionDef;
    }

    /** What its instructions refer to, by rising instruction. */
    public List<ProgramRelocation> relocations() {
        return Collections.unmodifiableList(relocations);
    }

    List<ProgramRelocation> mutableRelocations() {
        return relocations;
    }

    /** Its CO-RE relocations in the order of the file, instruction indexes counted from its start. */
    public List<CoreRelo> coreRelocations() {
        return Collections.unmodifiableList(coreRelocations);
    }

    List<CoreRelo> mutableCoreRelocations() {
        return coreRelocations;
    }

    /** {@code enum bpf_prog_type}; 0 if the section name did not say. */
    public int type() {
        return type;
    }

    public ProgramSpec type(int value) {
        type = value;
        return this;
    }

    /** {@code enum bpf_attach_type}; for struct_ops the member's index, set when the object is loaded. */
    public int expectedAttachType() {
        return expectedAttachType;
    }

    public ProgramSpec expectedAttachType(int value) {
        expectedAttachType = value;
        return this;
    }

    /** {@code BPF_F_*} the caller wants besides those of {@link SectionDef}. */
    public int flags() {
        return flags;
    }

    public ProgramSpec flags(int value) {
        flags = value;
        return this;
    }

    /** What is asked of the verifier from the first try on: 0 nothing, 1 its log, 2 all it did, 4 its statistics. */
    public int logLevel() {
        return logLevel;
    }

    public ProgramSpec logLevel(int value) {
        logLevel = value;
        return this;
    }

    /** Device the program is offloaded to, or 0. */
    public int ifindex() {
        return ifindex;
    }

    public ProgramSpec ifindex(int value) {
        ifindex = value;
        return this;
    }

    /** Whether loading the object loads it. */
    public boolean autoload() {
        return autoload;
    }

    public ProgramSpec autoload(boolean value) {
        autoload = value;
        return this;
    }

    /** Whether attaching the whole object attaches it. */
    public boolean autoattach() {
        return autoattach;
    }

    public ProgramSpec autoattach(boolean value) {
        autoattach = value;
        return this;
    }

    /** Descriptor of the program that {@link #attachTarget} is a function of; 0: a kernel function. */
    public int attachProgramFd() {
        return attachProgramFd;
    }

    /** The kernel function, or function of another program, it attaches to by BTF: by default what SEC() says. */
    public String attachTarget() {
        if (attachTarget != null) {
            return attachTarget;
        }
        return sectionDef == null ? "" : sectionDef.target(sectionName);
    }

    /** Chooses the target: {@code bpf_program__set_attach_target}. */
    public ProgramSpec attachTarget(int programFd, String function) {
        attachProgramFd = programFd;
        attachTarget = function;
        return this;
    }

    @Override
    public String toString() {
        return "program \"" + name + "\" in section \"" + sectionName + "\"";
    }
}
