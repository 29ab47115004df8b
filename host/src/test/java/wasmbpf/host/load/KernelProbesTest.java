package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Kernel;

/** What the running kernel takes, as bpftool and its libbpf find it. */
@Tag("kernel")
class KernelProbesTest {
    private static final Pattern LINE = Pattern.compile("eBPF (program|map)_type (\\w+) is (NOT )?available");

    @Test
    void typesAreThereWhereBpftoolFindsThem() throws Exception {
        try (Kernel kernel = OnThisKernel.require()) {
            KernelProbes probes = new KernelProbes(kernel);
            List<String> theirs = new ArrayList<>();
            List<String> ours = new ArrayList<>();
            for (String line : bpftool().split("\n")) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    continue;
                }
                String name = matcher.group(2).toUpperCase(Locale.ROOT);
                boolean there = matcher.group(1).equals("program") ? probes.programType(BpfProgType.valueOf(name))
                        : probes.mapType(BpfMapType.valueOf(name));
                theirs.add(line);
                ours.add("eBPF " + matcher.group(1) + "_type " + matcher.group(2) + " is " + (there ? "" : "NOT ")
                        + "available");
            }
            assertTrue(theirs.size() > 50, () -> "bpftool feature probe printed only " + theirs);
            assertEquals(theirs, ours);
        }
    }

    @Test
    void newerMapTypesAreThereOnThisKernel() {
        try (Kernel kernel = OnThisKernel.require()) {
            KernelProbes probes = new KernelProbes(kernel);
            if (!probes.mapType(BpfMapType.ARENA)) {
                OnThisKernel.abort("a kernel before 6.9 has no arena");
            }
            assertTrue(probes.mapType(BpfMapType.CGRP_STORAGE));
            assertFalse(probes.mapType(BpfMapType.UNSPEC));
            assertFalse(probes.programType(BpfProgType.UNSPEC));
        }
    }

    @Test
    void helpersBelongToTypesOfPrograms() {
        try (Kernel kernel = OnThisKernel.require()) {
            KernelProbes probes = new KernelProbes(kernel);
            assertTrue(probes.helper(BpfProgType.XDP, "xdp_adjust_head"));
            assertTrue(probes.helper(BpfProgType.SOCKET_FILTER, "ktime_get_ns"));
            assertFalse(probes.helper(BpfProgType.SOCKET_FILTER, "xdp_adjust_head"));
            assertFalse(probes.helper(BpfProgType.SOCKET_FILTER, "probe_write_user"));
            assertThrows(IllegalArgumentException.class, () -> probes.helper(BpfProgType.XDP, "no_such_helper"));
            assertThrows(IllegalArgumentException.class, () -> probes.helper(BpfProgType.TRACING, "ktime_get_ns"));
        }
    }

    private static String bpftool() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("bpftool", "feature", "probe", "kernel").redirectError(
                    ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            OnThisKernel.abort("bpftool is not there to compare with");
            throw e;
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
