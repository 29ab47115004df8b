package wasmbpf.sys.replay;

import java.nio.ByteOrder;
import java.util.Map;
import wasmbpf.sys.EpollEvents;
import wasmbpf.sys.Linux;

/**
 * epoll events as text: {@code fd#5:IN}. The data a caller registers may be a descriptor's number or an address, so a
 * trace names the descriptor instead, and a replay gives back what was registered for it this time.
 */
final class EpollText {
    private static final String[] NAMES = {"IN", "PRI", "OUT", "ERR", "HUP"};

    private EpollText() {}

    static String events(int events) {
        return wasmbpf.sys.Shown.flags(events & 0xffff_ffffL, NAMES);
    }

    /** The data of one event in memory. */
    static long data(long address) {
        return address == 0 ? 0 : RawMemory.readLong(address + EpollEvents.DATA_OFFSET);
    }

    static int eventBits(long address) {
        return RawMemory.readInt(address);
    }

    /** What a wait gave: {@code fd#5:IN fd#6:IN|HUP}, with the data itself where no descriptor has it. */
    static String ready(Handles handles, int epollFd, long events, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long event = events + (long) i * EpollEvents.STRIDE;
            long data = data(event);
            String name = "data=" + data;
            Handles.Descriptor epoll = handles.descriptor(epollFd);
            if (epoll != null) {
                for (Map.Entry<Integer, Long> entry : epoll.epollData.entrySet()) {
                    if (entry.getValue() == data) {
                        name = handles.fdText(entry.getKey());
                    }
                }
            }
            text.append(i == 0 ? "" : " ").append(name).append(':').append(events(eventBits(event)));
        }
        return text.toString();
    }

    /** Writes what {@link #ready} printed; returns how many events it was. */
    static int write(Handles handles, int epollFd, long events, int capacity, String text, String where) {
        int count = 0;
        for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
            int colon = word.indexOf(':');
            if (colon < 0 || count == capacity) {
                throw new TraceException(where + ": no list of events: " + text);
            }
            long data = dataOf(handles, epollFd, word.substring(0, colon), where);
            java.nio.ByteBuffer event = RawMemory.at(events + (long) count * EpollEvents.STRIDE, EpollEvents.STRIDE)
                    .asByteBuffer().order(ByteOrder.nativeOrder());
            event.putInt(0, bits(word.substring(colon + 1), where)).putLong(EpollEvents.DATA_OFFSET, data);
            count++;
        }
        return count;
    }

    private static long dataOf(Handles handles, int epollFd, String name, String where) {
        try {
            if (name.startsWith("data=")) {
                return Long.parseLong(name.substring(5));
            }
            int number = name.startsWith("fd#") ? handles.number(Integer.parseInt(name.substring(3))) : -1;
            Handles.Descriptor epoll = handles.descriptor(epollFd);
            Long data = epoll == null ? null : epoll.epollData.get(number);
            if (data != null) {
                return data;
            }
        } catch (NumberFormatException e) {
            throw new TraceException(where + ": no descriptor: " + name, e);
        }
        throw new TraceException(where + ": " + name + " is not in that epoll set");
    }

    private static int bits(String text, String where) {
        int bits = 0;
        for (String name : text.split("\\|")) {
            int bit = java.util.Arrays.asList(NAMES).indexOf(name);
            if (bit >= 0) {
                bits |= 1 << bit;
            } else if (name.startsWith("0x") && name.length() <= 10) {
                try {
                    bits |= Integer.parseUnsignedInt(name.substring(2), 16);
                } catch (NumberFormatException e) {
                    throw new TraceException(where + ": no events: " + text, e);
                }
            } else if (!name.equals("0")) {
                throw new TraceException(where + ": no events: " + text);
            }
        }
        return bits;
    }

    static String operation(long operation) {
        return operation == Linux.EPOLL_CTL_ADD ? "ADD" : operation == Linux.EPOLL_CTL_DEL ? "DEL"
                : operation == Linux.EPOLL_CTL_MOD ? "MOD" : Long.toString(operation);
    }
}
