package wasmbpf.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Native code is called from one class and its stub only, in all modules that are built by now; another looks symbols of this
 * process up and calls nothing.
 */
class NativeCallsTest {
    @Test
    void onlyLinuxKernelLinksNativeCode() throws IOException {
        Path root = Path.of(System.getProperty("project.root", ".."));
        TreeSet<String> users = new TreeSet<>();
        for (Path file : classFiles(root)) {
            for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                if (entry instanceof ClassEntry used && (used.asInternalName().startsWith("java/lang/foreign/Linker")
                        || used.asInternalName().startsWith("jdk/internal/foreign/"))) {
                    users.add(file.getFileName().toString().replaceAll("(\\$.*)?\\.class", ""));
                }
            }
        }
        users.remove("ChosenFunction");
        assertEquals(List.of("LinuxKernel", "SyscallStub"), List.copyOf(users));
    }

    private static List<Path> classFiles(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path classes : modules.map(m -> m.resolve("target/classes")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> all = Files.walk(classes)) {
                    all.filter(f -> f.toString().endsWith(".class")).forEach(files::add);
                }
            }
        }
        return files;
    }
}
