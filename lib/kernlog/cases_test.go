package kernlog

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

// cases are lines of real machines that once were read wrong, kept beside the
// project.
const cases = "../../../shared/cases/apparmor/"

// TestCases reads them: each line is an event, and of some it is said what they must
// say.
func TestCases(t *testing.T) {
	if _, err := os.Stat(cases); err != nil {
		t.Skipf("NOT TESTED: no cases at %s", cases)
	}
	read := 0
	for name, wants := range map[string][]says{
		"aa-net-requested-only": {
			{"class": "net", "requested_mask": "receive", "denied_mask": ""}, {"class": "net", "peer": "yyy"}, {"class": "net", "requested_mask": "send receive"},
			{"class": "net"}, {"class": "net"}, {"class": "net"},
		},
		"apparmor-null": {{"class": "file", "name": "apparmor/.null"}},
		"dbus-broker-journal": {{
			"class": "dbus", "profile": "gnome-clocks", "mask": "send", "bus": "session", "path": "/org/freedesktop/DBus",
			"member": "ListActivatableNames", "name": "org.freedesktop.DBus", "peer_label": "dbus-session",
		}},
		"dbus-without-peer-label": {{"class": "dbus", "name": "org.bluez", "peer_label": ""}},
		"file-socket-op-without-class": {
			{"class": "file", "profile": "/usr/sbin/smbd", "name": "/run/systemd/notify"}, {"class": "file", "name": "/run/user/1000/bus"}, {"class": "file", "name": "run/systemd/journal/dev-log"},
		},
		"journalctl-locale-month": {{"name": "/etc/x"}, {"name": "/etc/y"}, {"capname": "dac_override"}},
		"mqueue-without-name":     {{"class": "posix_mqueue", "denied": "getattr", "name": ""}, {"class": "sysv_mqueue", "denied": "write", "name": ""}},
		"mount-move-detached":     {{"class": "mount", "flags": "rw, move", "srcname": ""}},
		"mount-nosource":          {{"srcname": ""}, {"srcname": ""}},
		"pasted-enriched": {
			{"profile": "resolvconf", "ouid": "0"}, {"profile": "lspci", "fsuid": "1000", "ouid": "0"}, {"comm": "[pango] FcInit", "name": "/home/user/.local/share/fonts/.uuid.TMP-mX2Vd6"},
		},
		"rsyslog-repeated":         {{"class": "dbus", "member": "Inhibit"}},
		"unix-abstract-hex":        {{"peer_addr": "@var/run/nvidia-xdriver-e325acf4" + strings.Repeat("\x00", 32)}},
		"unix-hex-bind":            {{"addr": "@a b"}},
		"unix-hex-nulpad":          {{"addr": "@padn" + strings.Repeat("\x00", 103)}},
		"unix-hex-peer":            {{"peer_addr": "@a\xe9b", "addr": "none"}},
		"unix-without-denied-mask": {{"class": "net", "denied_mask": ""}},
		"userns-fallback-profile":  {{"class": "namespace", "execpath": "/usr/bin/nsjail"}, {"class": "cap"}, {"class": "mount"}},
	} {
		all := lines(t, cases+name+".log")
		if len(all) != len(wants) {
			t.Errorf("%s: %d lines, want %d", name, len(all), len(wants))
			continue
		}
		for i, line := range all {
			ev := caseEvent(t, line)
			for key, want := range wants[i] {
				f, _ := record.ParseField(key)
				if d := cmp.Diff(want, ev.Fields[f]); d != "" {
					t.Errorf("%s:%d: %s: -want +got\n%s", name, i+1, key, d)
				}
			}
			if want := uint64(1); name != "rsyslog-repeated" && ev.Count != want || name == "rsyslog-repeated" && ev.Count != 2 {
				t.Errorf("%s:%d: count %d", name, i+1, ev.Count)
			}
			read++
		}
	}
	// The others are about the rule: here every line is an event.
	files, err := os.ReadDir(cases)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".log") {
			continue
		}
		for _, line := range lines(t, cases+file.Name()) {
			caseEvent(t, line)
			read++
		}
	}
	t.Logf("%d lines", read)
}

// caseEvent reads a line of text, or an entry of the journal.
func caseEvent(t *testing.T, line string) record.Event {
	t.Helper()
	if !json.Valid([]byte(line)) {
		return event(t, line)
	}
	var e Entry
	var ev record.Event
	if res, err := New(Config{}).ParseJSON([]byte(line), &e, &ev); err != nil || res.Kind != Event {
		t.Fatalf("ParseJSON = %v, %v\n%s", res.Kind, err, line)
	}
	return ev
}
