package kernlog

import (
	"strconv"

	"github.com/sl-suite/sl/lib/record"
)

// capabilities are the names by number, include/uapi/linux/capability.h.
var capabilities = [...]string{
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
	"setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw",
	"ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
	"sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod",
	"lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
	"wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
}

// checkCapability returns what is wrong with the capability of a message, or
// "". Number and name must agree; before Linux 2.6.36 there was the name alone,
// under "name".
func checkCapability(f *record.Fields) string {
	name := f[record.FCapname]
	if number := f[record.FCapability]; number != "" {
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil || n >= uint64(len(capabilities)) {
			return "an unknown capability: " + quote(number)
		}
		if name != capabilities[n] {
			return "capability " + number + " is not " + quote(name)
		}
		return ""
	}
	for _, c := range capabilities {
		if c == name {
			return ""
		}
	}
	return "an unknown capability: " + quote(name)
}
