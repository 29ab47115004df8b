package wasmbpf.host.cli;

import wasmbpf.host.abi.Guest;
import wasmbpf.host.abi.GuestEnded;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.abi.NoEntryPointException;
import wasmbpf.wasm.GuestException;
import wasmbpf.wasm.InvalidException;
import wasmbpf.wasm.LinkException;
import wasmbpf.wasm.MalformedException;
import wasmbpf.wasm.Trap;

/** However a guest ends, as an exit status and at most a few lines on standard error. */
final class GuestRun {
    private final Messages messages;

    GuestRun(Messages messages) {
        this.messages = messages;
    }

    int run(Guest guest) {
        try {
            return guest.run(null) & 255;
        } catch (Trap trap) {
            if (trap.kind() == Trap.Kind.OUT_OF_MEMORY) {
                // Before the guest's first instruction: --memory-limit or the machine leaves it too little.
                messages.warn(trap.getMessage());
                return ExitStatus.OURS;
            }
            messages.warn(trap.report());
            return ExitStatus.TRAP;
        } catch (GuestException e) {
            messages.warn("trap: " + e.report());
            return ExitStatus.TRAP;
        } catch (GuestEnded e) {
            messages.warn(e.getMessage());
            return ExitStatus.OURS;
        } catch (LinkException | InvalidException | MalformedException | NoEntryPointException e) {
            messages.warn(e.getMessage());
            return ExitStatus.NOT_RUNNABLE;
        } catch (Throwable t) {
            return Main.lastResort(t, messages.verbose());
        }
    }
}
