package wasmbpf.host.abi;

import wasmbpf.core.CoreException;
import wasmbpf.elf.FormatException;
import wasmbpf.host.attach.AttachException;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.wasi.GuestFault;
import wasmbpf.sys.Errno;
import wasmbpf.sys.SysException;
import wasmbpf.wasm.HostCode;
import wasmbpf.wasm.Instance;

/**
 * One bound import. The only place where what the loader throws becomes the guest's number, and the reason a line on
 * standard error, since the ABI has no room for it. Traps, exits and our own faults pass through.
 */
final class HostCall implements HostCode {
    private final WasmBpfFunctions functions;
    private final WasmBpfFunction function;
    private final GuestMessages messages;

    HostCall(WasmBpfFunctions functions, WasmBpfFunction function, GuestMessages messages) {
        this.functions = functions;
        this.function = function;
        this.messages = messages;
    }

    @Override
    public long call(Instance caller, long[] args) {
        try {
            return functions.call(function, caller, args);
        } catch (GuestFault e) {
            return failure(Errno.EFAULT);
        } catch (LoadException e) {
            if (e.missingPrivilege() && function == WasmBpfFunction.LOAD) {
                throw new GuestEnded(e);
            }
            return reported(e, e.errno());
        } catch (AttachException e) {
            return reported(e, e.errno());
        } catch (SysException e) {
            return reported(e, e.errno());
        } catch (FormatException | ObjectException | CoreException e) {
            return reported(e, Errno.EINVAL);
        }
    }

    private long reported(RuntimeException e, int errno) {
        messages.warn(e.getMessage());
        return failure(errno);
    }

    /** {@code wasm_load_bpf_object} can only say 0. */
    private long failure(int errno) {
        return function == WasmBpfFunction.LOAD ? 0 : -errno;
    }
}
