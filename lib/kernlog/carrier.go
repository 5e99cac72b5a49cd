package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Names of the carriers, as they stand in an event.
const (
	carrierAudit   = "audit"        // auditd's log: type=AVC msg=audit(...)
	carrierSyslog  = "syslog"       // RFC 3164 and ISO stamps, journalctl's text
	carrierSyslog5 = "syslog5424"   // RFC 5424
	carrierDmesg   = "dmesg"        // the output of dmesg(1) in its forms
	carrierKmsg    = "kmsg"         // a record of /dev/kmsg
	carrierPVE     = "pve-firewall" // Proxmox's own log
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
	msg     string // the rest of the line
	at      int    // offset of msg in the line
}

// readHead recognises the carrier from the start of the line, and from there
// only: what stands further back is somebody's text.
func readHead(s string) (head, error) {
	if s == "" {
		return head{carrier: carrierRaw}, nil
	}
	var h head
	var ok bool
	switch c := s[0]; {
	case c == '<':
		h, ok = priorityHead(s)
	case c == '[':
		h, ok = dmesgHead(s, 0)
	case isDigit(c):
		if h, ok = kmsgHead(s); ok {
			return unescapeKmsg(h)
		}
		if h, ok = pveHead(s); !ok {
			h, ok = digitHead(s)
		}
	case isContinuation(s):
		return head{carrier: carrierKmsg}, nil
	case strings.HasPrefix(s, "type="), strings.HasPrefix(s, "node="):
		h, ok = auditdHead(s)
	default:
		if h, ok = syslogHead(s, 0, 0); !ok {
			h, ok = decodedDmesgHead(s)
		}
	}
	if !ok {
		h = head{carrier: carrierRaw, msg: s}
	}
	return h, nil
}

// isGlued reports whether a line without a carrier has one further back: grep
// puts the name of the file in front. ev is the event that was read from it.
func isGlued(msg string, ev *record.Event) bool {
	if ev.Kind == "" {
		return strings.Contains(msg, "): apparmor=")
	}
	prefix := ev.Fields[record.FPrefix]
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

// auditdHead reads "node=NAME ", the rest is an audit record. The kernel's own
// "type=1400 audit(" without a carrier is no line of auditd.
func auditdHead(s string) (h head, ok bool) {
	h = head{carrier: carrierAudit, origin: fromAudit, msg: s}
	if rest, found := strings.CutPrefix(s, "node="); found {
		node, rest, found := strings.Cut(rest, " ")
		if !found || !strings.HasPrefix(rest, "type=") {
			return head{}, false
		}
		h.host, h.msg, h.at = node, rest, len(s)-len(rest)
	}
	_, rest, found := strings.Cut(h.msg, " ")
	return h, found && strings.HasPrefix(rest, "msg=audit(")
}

// priorityHead reads "<N>", N being facility*8+level, and what may follow it.
func priorityHead(s string) (h head, ok bool) {
	n := 0
	i := 1
	for ; i < len(s) && i < 5 && isDigit(s[i]); i++ {
		n = n*10 + int(s[i]-'0')
	}
	if i == 1 || i >= len(s) || s[i] != '>' || n > 191 {
		return head{}, false
	}
	i++
	facility := n >> 3
	if h, ok = syslog5Head(s, i, facility); ok {
		return h, true
	}
	if h, ok = syslogHead(s, i, facility); ok {
		return h, true
	}
	if h, ok = dmesgHead(s, i); !ok {
		h = head{carrier: carrierDmesg, origin: fromKernel, msg: s[i:], at: i} // dmesg -r with printk.time=0
	}
	if facility != 0 {
		h.origin = fromProgram
	}
	return h, true
}

// digitHead reads the stamps that start with a digit.
func digitHead(s string) (h head, ok bool) {
	if h, ok = syslog5Head(s, 0, 0); ok {
		return h, true
	}
	return syslogHead(s, 0, 0)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
