package aapolicy

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
	if name, ok := pr.literal(record.FName); ok {
		pr.add(apparmor.Mqueue{Access: access, Type: kind, Name: name})
	}
}

// dbus proposes rules for what the bus denied. The name in the message of a
// received signal or call is its sender's connection, which is another at every
// start, so a rule for receiving names the label alone.
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

// message fills in what a message is matched by.
func (pr *proposal) message(rule *apparmor.DBus) (ok bool) {
	for _, part := range []struct {
		field record.Field
		to    *apparmor.Pattern
	}{
		{record.FPath, &rule.Path}, {record.FInterface, &rule.Interface}, {record.FMember, &rule.Member},
		{record.FPeerLabel, &rule.PeerLabel},
	} {
		if part.field == record.FInterface && pr.fields[part.field] == "" { // the specification of D-Bus lets a call have none
			pr.note("incomplete", "if it is to be allowed, write the rule by hand without an interface, which allows all of them", "%s without interface: no rule", pr.fields[record.FOperation])
			return false
		}
		if *part.to, ok = pr.literal(part.field); !ok {
			return false
		}
	}
	name := pr.fields[record.FName]
	if pr.fields[record.FMask] != "send" || name == "" || name[0] == ':' {
		return true
	}
	rule.PeerName, ok = pr.pattern(name)
	return ok
}
