package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

func (pr *proposal) signal() {
	mask, ok := pr.get(record.FDeniedMask)
	if !ok {
		return
	}
	name, ok := pr.get(record.FSignal)
	if !ok {
		return
	}
	signals, ok := pr.words(apparmor.Signals, []string{name})
	if !ok {
		return
	}
	peer, ok := pr.literal(record.FPeer)
	if !ok {
		return
	}
	for _, access := range strings.Fields(mask) {
		pr.add(apparmor.Signal{Access: access, Signals: signals, Peer: peer})
	}
}

func (pr *proposal) ptrace() {
	access, ok := pr.denied(apparmor.PtraceAccesses)
	if !ok {
		return
	}
	if peer, ok := pr.literal(record.FPeer); ok {
		pr.add(apparmor.Ptrace{Access: access, Peer: peer})
	}
}

func (pr *proposal) mqueue(kind string) {
	access, ok := pr.denied(apparmor.MqueueAccesses)
	if !ok {
		return
	}
	rule := apparmor.Mqueue{Access: access, Type: kind}
	if name := pr.fields[record.FName]; name != "" { // of a queue that no path leads to, and before Linux 6.6 of System V's, none is logged
		if rule.Name, ok = pr.pattern(name); !ok {
			return
		}
	}
	pr.add(rule)
}

// dbus proposes rules for what the bus denied.
func (pr *proposal) dbus() {
	mask, ok := pr.get(record.FMask)
	if !ok {
		return
	}
	access, ok := pr.words(apparmor.DBusAccesses, strings.Fields(mask))
	if !ok {
		return
	}
	bus, ok := pr.get(record.FBus)
	if !ok {
		return
	}
	rule := apparmor.DBus{Access: access, Bus: bus}
	switch mask {
	case "eavesdrop":
	case "bind":
		if rule.Name, ok = pr.literal(record.FName); !ok {
			return
		}
	default:
		if !pr.message(&rule) {
			return
		}
	}
	pr.add(rule)
}

// message fills in what a message is matched by. The name is that of whom it is for,
// and of the sender where it was received (the bus daemon's bus/apparmor.c). A peer
// without a label is a service that is yet to be started: the daemon asks with an
// empty one then, and only a rule without a label matches that.
func (pr *proposal) message(rule *apparmor.DBus) (ok bool) {
	for _, part := range []struct {
		field record.Field
		to    *apparmor.Pattern
	}{
		{record.FPath, &rule.Path}, {record.FInterface, &rule.Interface}, {record.FMember, &rule.Member},
	} {
		if part.field == record.FInterface && pr.fields[part.field] == "" { // the specification of D-Bus lets a call have none
			pr.note("incomplete", "if it is to be allowed, write the rule by hand without an interface, which allows all of them", "%s without interface: no rule", pr.fields[record.FOperation])
			return false
		}
		if *part.to, ok = pr.literal(part.field); !ok {
			return false
		}
	}
	ok = true
	if pr.fields[record.FPeerLabel] != "" {
		rule.PeerLabel, ok = pr.literal(record.FPeerLabel)
	}
	name := pr.fields[record.FName]
	// A message comes from a connection, or from the bus itself. Old daemons log whom it
	// was for.
	from := strings.HasPrefix(name, ":") || name == "org.freedesktop.DBus"
	if ok && name != "" && (from || pr.fields[record.FMask] == "send") {
		rule.PeerName, ok = pr.pattern(name)
	}
	return ok
}
