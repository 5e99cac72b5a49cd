package kernlog

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

// brokerEntry returns the entry of a denial, with some fields changed; nil takes one
// out.
func brokerEntry(change map[string]any) map[string]any {
	entry := map[string]any{
		"MESSAGE": "A security policy denied :1.5 to send method call /o:i.M to org.x.", "SYSLOG_IDENTIFIER": "dbus-broker",
		"_TRANSPORT": "journal", "_UID": "81", "_EXE": "/usr/bin/dbus-broker", "_SYSTEMD_UNIT": "dbus-broker.service",
		"__REALTIME_TIMESTAMP": "1787297847795486", "_HOSTNAME": "h",
		"DBUS_BROKER_POLICY_TYPE": "apparmor", "DBUS_BROKER_TRANSMIT_ACTION": "send",
		"DBUS_BROKER_SENDER_SECURITY_LABEL": "a b (enforce)", "DBUS_BROKER_RECEIVER_SECURITY_LABEL": "unconfined",
		"DBUS_BROKER_MESSAGE_TYPE": "method_call", "DBUS_BROKER_MESSAGE_DESTINATION": "org.x",
		"DBUS_BROKER_MESSAGE_PATH": "/o", "DBUS_BROKER_MESSAGE_INTERFACE": "i", "DBUS_BROKER_MESSAGE_MEMBER": "M",
	}
	for k, v := range change {
		if entry[k] = v; v == nil {
			delete(entry, k)
		}
	}
	return entry
}

// exported writes an entry of texts in the export format.
func exported(entry map[string]any) string {
	var lines []string
	for k, v := range entry {
		lines = append(lines, k+"="+v.(string))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestBroker reads a denial of dbus-broker in the three forms in which a journal
// comes.
func TestBroker(t *testing.T) {
	want := says{
		"verdict": "DENIED", "operation": "dbus_method_call", "class": "dbus", "profile": "a b", "label": "a b", "peer_label": "unconfined",
		"bus": "system", "mask": "send", "name": "org.x", "path": "/o", "interface": "i", "member": "M", "exe": "/usr/bin/dbus-broker",
	}
	line, err := json.Marshal(brokerEntry(nil))
	if err != nil {
		t.Fatal(err)
	}
	text := exported(brokerEntry(nil))
	p := New(Config{})
	var e Entry
	var ev record.Event
	check := func(how string, res Result, err error, trust record.Trust) {
		t.Helper()
		if err != nil || res.Kind != Event || ev.Trust != trust || ev.Carrier != carrierJournal || ev.Time != "2026-08-21T07:37:27.795486Z" || ev.Host != "h" {
			t.Errorf("%s: %v, %v: %+v", how, res.Kind, err, ev)
		}
		if d := cmp.Diff(want, said(&ev.Fields)); d != "" {
			t.Errorf("%s: -want +got\n%s", how, d)
		}
	}
	res, err := p.ParseJSON(line, &e, &ev)
	check("JSON", res, err, record.TrustDaemon)
	own := &record.Source{Kind: "file", Journal: record.JournalOwn, Mode: "0640"}
	res, err = p.ParseJournal(text, own, &e, &ev)
	check("own journal", res, err, record.TrustDaemon)
	own.Journal = record.JournalOther
	res, err = p.ParseJournal(text, own, &e, &ev)
	check("another's journal", res, err, record.TrustLog)
	for one := range new(Export).Entries([]byte(text + "\n\n")) {
		res, err = p.ParseEntry(one, &ev)
		check("export", res, err, record.TrustDaemon)
	}
	if !Found(text) || !Found(string(line)) {
		t.Error("not found")
	}
}

// TestBrokerTrust: any process can send the fields of a denial. Only those that the
// journal itself writes say that it was the system's bus.
func TestBrokerTrust(t *testing.T) {
	for name, tt := range map[string]struct {
		change map[string]any
		trust  record.Trust
		bus    string // "" for no event
	}{
		"system, of Debian":     {map[string]any{"_UID": "999", "_SYSTEMD_UNIT": "dbus.service"}, record.TrustDaemon, "system"},
		"session":               {map[string]any{"_UID": "1000", "_SYSTEMD_UNIT": "user@1000.service", "_SYSTEMD_USER_UNIT": "dbus-broker.service"}, record.TrustNone, "session"},
		"session of root":       {map[string]any{"_UID": "0", "_SYSTEMD_UNIT": "user@0.service", "_SYSTEMD_USER_UNIT": "dbus-broker.service"}, record.TrustNone, "session"},
		"session of a greeter":  {map[string]any{"_UID": "42", "_SYSTEMD_UNIT": "session-c1.scope"}, record.TrustNone, "session"},
		"no unit, a user":       {map[string]any{"_UID": "1000", "_SYSTEMD_UNIT": nil}, record.TrustNone, "session"},
		"no unit, root":         {map[string]any{"_UID": "0", "_SYSTEMD_UNIT": nil}, record.TrustNone, "system"},
		"another program":       {map[string]any{"_EXE": "/usr/bin/logger"}, record.TrustNone, "system"},
		"a copy of it":          {map[string]any{"_EXE": "/home/u/usr/bin/dbus-broker"}, record.TrustNone, "system"},
		"another unit":          {map[string]any{"_SYSTEMD_UNIT": "cron.service"}, record.TrustNone, "session"},
		"two units":             {map[string]any{"_SYSTEMD_UNIT": []string{"dbus-broker.service", "cron.service"}}, record.TrustNone, "system"},
		"two users":             {map[string]any{"_UID": []string{"81", "1000"}}, record.TrustNone, "system"},
		"a user in its unit":    {map[string]any{"_UID": "1000"}, record.TrustNone, "system"},
		"no trusted field":      {map[string]any{"_UID": nil, "_EXE": nil, "_SYSTEMD_UNIT": nil}, record.TrustNone, "-"},
		"no uid":                {map[string]any{"_UID": "x"}, record.TrustNone, "system"},
		"SELinux":               {map[string]any{"DBUS_BROKER_POLICY_TYPE": "selinux"}, 0, ""},
		"two policies":          {map[string]any{"DBUS_BROKER_POLICY_TYPE": []string{"apparmor", "selinux"}}, 0, ""},
		"a message of a kernel": {map[string]any{"_TRANSPORT": "kernel", "SYSLOG_FACILITY": "0"}, 0, ""},
	} {
		line, err := json.Marshal(brokerEntry(tt.change))
		if err != nil {
			t.Fatal(err)
		}
		var e Entry
		var ev record.Event
		res, err := New(Config{}).ParseJSON(line, &e, &ev)
		bus := ev.Fields[record.FBus]
		if res.Kind == Event && bus == "" {
			bus = "-"
		}
		if err != nil || (res.Kind == Event) != (tt.bus != "") || ev.Trust != tt.trust || bus != tt.bus {
			t.Errorf("%s: %v, %v, trust %s, bus %q", name, res.Kind, err, ev.Trust, bus)
		}
	}
}

// TestBrokerDirections: a message that was not to be received is the receiver's
// denial, and what names nobody is an error.
func TestBrokerDirections(t *testing.T) {
	for _, tt := range []struct {
		change        map[string]any
		profile, peer string
	}{
		{map[string]any{"DBUS_BROKER_TRANSMIT_ACTION": "receive", "DBUS_BROKER_RECEIVER_SECURITY_LABEL": "r (complain)"}, "r", "a b"},
		{map[string]any{"DBUS_BROKER_RECEIVER_SECURITY_LABEL": nil}, "a b", ""},
		{map[string]any{"DBUS_BROKER_SENDER_SECURITY_LABEL": "x//y (enforce)\n"}, "x//y (enforce)\n", "unconfined"},
		{map[string]any{"DBUS_BROKER_SENDER_SECURITY_LABEL": "x (Y)"}, "x (Y)", "unconfined"},
		{map[string]any{"DBUS_BROKER_TRANSMIT_ACTION": "own"}, "", ""},
		{map[string]any{"DBUS_BROKER_TRANSMIT_ACTION": nil}, "", ""},
		{map[string]any{"DBUS_BROKER_SENDER_SECURITY_LABEL": nil}, "", ""},
		{map[string]any{"DBUS_BROKER_SENDER_SECURITY_LABEL": []string{"a", "b"}}, "", ""},
	} {
		line, err := json.Marshal(brokerEntry(tt.change))
		if err != nil {
			t.Fatal(err)
		}
		var e Entry
		var ev record.Event
		_, err = New(Config{}).ParseJSON(line, &e, &ev)
		if (err == nil) != (tt.profile != "") || ev.Fields[record.FProfile] != tt.profile || ev.Fields[record.FPeerLabel] != tt.peer {
			t.Errorf("%v: %v, %v", tt.change, err, said(&ev.Fields))
		}
	}
}
