package kernlog

import (
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// broker reads a denial of dbus-broker, most releases of which say it in the fields
// of a journal entry only (its src/bus/bus.c, bus_log_append_policy_send).
func (e *Entry) broker(h *head, ev *record.Event) (Result, error) {
	label, peer, name := entrySender, entryReceiver, e.get(entryDestination)
	action := e.get(entryAction)
	switch action {
	case "send":
	case "receive": // whose the message is, its label says
		label, peer, name = entryReceiver, entrySender, ""
	default:
		return Result{}, &Error{0, "a denial of dbus-broker neither to send nor to receive: " + quote(action)}
	}
	system := e.isSystemBus()
	profile := withoutMode(e.get(label))
	if profile == "" {
		return Result{}, &Error{0, "a denial of dbus-broker without the label of whom it denied"}
	}
	*ev = record.Event{Kind: record.AppArmor, Carrier: h.carrier, Count: 1, Host: h.host, Time: e.time()}
	ev.Fields = record.Fields{
		record.FVerdict: "DENIED", record.FOperation: "dbus_" + e.get(entryType), record.FClass: classDBus,
		record.FProfile: profile, record.FLabel: profile, record.FPeerLabel: withoutMode(e.get(peer)),
		record.FBus: e.bus(), record.FMask: action, record.FName: name, record.FExe: e.get(entryExe),
		record.FPath: e.get(entryPath), record.FInterface: e.get(entryInterface), record.FMember: e.get(entryMember),
	}
	ev.Trust, ev.Reason = record.TrustNone, reasonFields
	if system {
		ev.Trust, ev.Reason = record.TrustDaemon, reasonBus
	}
	res := Result{Kind: Event}
	for f, v := range ev.Fields {
		if v != "" {
			res.Fields.Add(record.Field(f))
		}
	}
	return res, nil
}

// isSystemBus reports whether the fields that the journal itself writes are those of
// the system's bus: any process can send all others.
func (e *Entry) isSystemBus() bool {
	uid, err := strconv.ParseUint(e.get(entryUID), 10, 32)
	return err == nil && isSystem(uint32(uid)) && e.get(entryExe) == "/usr/bin/dbus-broker" && isBusUnit(e.get(entryUnit)) && e.values[entryUserUnit] == 0
}

// bus returns which bus it is, "" where nothing says so. A session's bus is in the
// unit of its user's manager, or in the scope of the session.
func (e *Entry) bus() string {
	uid, err := strconv.ParseUint(e.get(entryUID), 10, 32)
	switch unit := e.get(entryUnit); {
	case e.values[entryUserUnit] > 0:
		return "session"
	case isBusUnit(unit):
		return "system"
	case unit != "":
		return "session"
	case err != nil:
		return ""
	case isSystem(uint32(uid)):
		return "system"
	}
	return "session"
}

// isBusUnit reports whether a unit of the system is its bus.
func isBusUnit(unit string) bool { return unit == "dbus-broker.service" || unit == "dbus.service" }

// withoutMode returns a label without the mode that the kernel writes behind it:
// "gnome-clocks (enforce)" (security/apparmor/label.c, aa_label_snxprint).
func withoutMode(label string) string {
	i := strings.LastIndex(label, " (")
	if i < 0 || !strings.HasSuffix(label, ")") || strings.Trim(label[i+2:len(label)-1], "abcdefghijklmnopqrstuvwxyz") != "" {
		return label
	}
	return label[:i]
}
