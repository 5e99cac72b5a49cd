package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Names of the carriers, as they stand in an event.
const (
	carrierAudit   = "audit"        // auditd's log: type=AVC msg=audit(...)
	carrierSyslog  = "syslog"       // RFC 3164 and ISO stamps, journalctl's one-line forms
	carrierSyslog5 = "syslog5424"   // RFC 5424
	carrierDmesg   = "dmesg"        // the output of dmesg(1) in its forms
	carrierKmsg    = "kmsg"         // a record of /dev/kmsg
	carrierPVE     = "pve-firewall" // Proxmox's own log
	carrierUlogd   = "ulogd"        // ulogd's JSON
	carrierJournal = "journal"      // an entry of systemd's journal, with its fields
	carrierRaw     = "raw"          // the message alone
)

// origin says who a line names as its writer. It is a claim: what it is worth
// depends on the source, see trust.
type origin uint8

const (
	fromNobody  origin = iota // the line does not say
	fromProgram               // some other program's tag, or a facility that is not the kernel's
	fromKernel                // tag "kernel:", or facility 0
	fromAudit                 // auditd, or the journal's tag "audit"
	fromDBus                  // dbus-daemon, dbus-broker
	fromPVE                   // Proxmox's logger
)

// head is what the carrier says before the message.
type head struct {
	carrier string
	origin  origin
	input   string // rsyslog's, where the line begins with it
	tag     string // syslog's, without pid and colon; Proxmox's chain
	vm      string // Proxmox's guest, "0" for the host
	host    string
	stamp   stamp
	user    bool   // an audit record of user space
	strange bool   // a packet whose log prefix is not known
	count   uint64 // how often a framed message came; 0 where it has no frame
	msg     string // the rest of the line
	at      int    // offset of msg in the line
}

// read recognises the carrier from the start of the line, and from there only:
// what stands further back is somebody's text. Each of the forms fills h, and
// leaves anything in it if the line has another.
func (h *head) read(s string) error {
	var ok bool
	switch {
	case s == "":
	case s[0] == '<':
		ok = h.priority(s)
	case s[0] == '[':
		ok = h.dmesg(s, 0)
	case isDigit(s[0]):
		if h.kmsg(s) {
			return h.unescapeKmsg()
		}
		ok = h.pve(s) || h.syslog5(s, 0, 0) || h.syslog(s, 0, 0) || h.foreign(s)
	case isContinuation(s):
		*h = head{carrier: carrierKmsg}
		return nil
	case strings.HasPrefix(s, "type="), strings.HasPrefix(s, "node="):
		ok = h.auditd(s)
	default:
		ok = h.syslog(s, 0, 0) || h.decodedDmesg(s) || h.foreign(s)
	}
	if !ok {
		*h = head{carrier: carrierRaw, msg: s}
	}
	h.unrepeat()
	return nil
}

// isGlued reports whether a line without a carrier has one further back: grep
// puts the name of the file in front. ev is the event that was read from it.
func isGlued(msg string, ev *record.Event) bool {
	if ev.Kind == "" {
		_, behind, _ := strings.Cut(msg, "apparmor=")
		return strings.Contains(behind, " pid=")
	}
	prefix := ev.Fields[record.FPrefix]
	if strings.HasPrefix(prefix, "    MESSAGE=") { // journalctl -o verbose
		return true
	}
	for i := strings.IndexByte(prefix, '['); i >= 0; {
		if skipUptime(prefix, i) > i {
			return true
		}
		n := strings.IndexByte(prefix[i+1:], '[')
		if n < 0 {
			break
		}
		i += 1 + n
	}
	return strings.Contains(prefix, "kernel: ")
}

// auditd reads "node=NAME ", the rest is an audit record. The kernel's own
// "type=1400 audit(" without a carrier is no line of auditd.
func (h *head) auditd(s string) (ok bool) {
	*h = head{carrier: carrierAudit, origin: fromAudit, msg: s}
	if rest, found := strings.CutPrefix(s, "node="); found {
		node, rest, found := strings.Cut(rest, " ")
		if !found || !strings.HasPrefix(rest, "type=") {
			return false
		}
		h.host, h.msg, h.at = node, rest, len(s)-len(rest)
	}
	_, rest, found := strings.Cut(h.msg, " ")
	return found && strings.HasPrefix(rest, "msg=audit(")
}

// priority reads "<N>", N being facility*8+level, and what may follow it.
func (h *head) priority(s string) (ok bool) {
	n := 0
	i := 1
	for ; i < len(s) && i < 5 && isDigit(s[i]); i++ {
		n = n*10 + int(s[i]-'0')
	}
	if i == 1 || i >= len(s) || s[i] != '>' || n > 191 {
		return false
	}
	i++
	facility := n >> 3
	if h.syslog5(s, i, facility) || h.syslog(s, i, facility) {
		return true
	}
	if !h.dmesg(s, i) {
		*h = head{carrier: carrierDmesg, origin: fromKernel, msg: s[i:], at: i} // dmesg -r with printk.time=0
	}
	if facility != 0 {
		h.origin = fromProgram
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
