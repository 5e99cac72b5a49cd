package apparmor

import "github.com/sl-suite/sl/lib/record"

// Capability grants one capability.
type Capability struct {
	Name string // as in capabilities(7), lower case, without CAP_
}

// capabilities is include/uapi/linux/capability.h: the index is the number.
var capabilities = vocabulary("capability",
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
	"setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
	"sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
	"sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
	"mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
	"checkpoint_restore")

// CapabilityName returns the name of a capability's number; ok is false for a
// number that this version does not know.
func CapabilityName(number uint64) (name string, ok bool) {
	if number >= uint64(len(capabilities.words)) {
		return "", false
	}
	return capabilities.words[number], true
}

// Class returns ClassCapability.
func (Capability) Class() Class { return ClassCapability }

func (c Capability) appendText(dst []byte) []byte {
	return append(append(dst, "capability "...), c.Name...)
}

func (c Capability) appendAttrs(attrs []record.Attr) []record.Attr {
	return append(attrs, record.Attr{Name: "capability", Text: c.Name})
}

func parseCapability(s *scanner) Body { return Capability{s.wordOf(capabilities)} }

func (c Capability) target() Body    { return c }
func (c Capability) union(Body) Body { return c }
