package kernlog

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

func TestInput(t *testing.T) {
	const head = "2026-05-26T19:47:43.396634-04:00 host "
	root := &record.Source{Kind: "file", Path: "/var/log/kernel-only", Mode: "0640"}
	for _, tt := range []struct {
		name, line string
		src        *record.Source
		trust      record.Trust
		skip, bad  bool
	}{
		{"the kernel's", "imklog " + head + "kernel: " + nfText, root, record.TrustDaemon, false, false},
		{"the kernel's, audit", "imklog " + head + "kernel: [ 1.5] " + aaText, root, record.TrustDaemon, false, false},
		{"the kernel's, by its records", "imkmsg " + head + "kernel: " + aaText, root, record.TrustDaemon, false, false},
		{"RFC 5424", "imklog <4>1 2026-05-26T19:47:43Z host kernel - - - " + nfText, root, record.TrustDaemon, false, false},
		{"logger -t kernel", "imuxsock " + head + "kernel: " + nfText, root, record.TrustNone, false, false},
		{"another host", "imudp " + head + "kernel: " + nfText, root, record.TrustNone, false, false},
		{"through the journal", "imjournal " + head + "kernel: " + nfText, root, record.TrustLog, false, false},
		{"a bus daemon", "imuxsock " + head + "dbus-daemon[7]: " + dbus, root, record.TrustLog, false, false},
		{"the audit tag, through the kernel's input", "imklog " + head + "audit[7]: AVC " + aaBody, root, record.TrustLog, false, false},
		{"a bus daemon, through the kernel's input", "imkmsg " + head + "dbus-daemon[7]: " + dbus, root, record.TrustLog, false, false},
		{"another tag", "imklog " + head + "evil: " + nfText, root, record.TrustNone, false, false},
		{"the name in the message", "imuxsock " + head + "evil: imklog " + head + "kernel: " + nfText, root, record.TrustNone, false, false},
		{"the name after a newline", "imuxsock " + head + "evil: a#012imklog " + head + "kernel: " + nfText, root, record.TrustNone, false, false},
		{"a file that others can write", "imklog " + head + "kernel: " + nfText, &record.Source{Kind: "file", Mode: "0662"}, record.TrustNone, false, false},
		{"a pipe", "imklog " + head + "kernel: " + nfText, &record.Source{Kind: "stdin", Mode: "0600"}, record.TrustNone, false, false},
		{"nowhere", "imklog " + head + "kernel: " + nfText, nil, record.TrustNone, false, false},
		{"no name", head + "kernel: " + nfText, root, 0, false, true},
		{"no name of an input", "Imklog " + head + "kernel: " + nfText, root, 0, false, true},
		{"no syslog", "imklog " + nfText, root, 0, false, true},
		{"two names", "imuxsock imklog " + head + "kernel: " + nfText, root, 0, false, true},
		{"auditd's", "imfile type=AVC msg=audit(1795447838.853:205): " + aaBody, root, 0, false, true},
		{"nothing of ours", "whatever", root, 0, true, false},
	} {
		var ev record.Event
		res, err := New(Config{Input: true}).Parse([]byte(tt.line), tt.src, &ev)
		if (err != nil) != tt.bad || (res.Kind == Skip) != (tt.skip || tt.bad) || ev.Trust != tt.trust {
			t.Errorf("%s: %v, %v, trust %s (%s)", tt.name, res.Kind, err, ev.Trust, ev.Reason)
		}
		if res.Kind == Event && (ev.Reason == "" || ev.Host != "host" || ev.Time == "") {
			t.Errorf("%s: %+v", tt.name, ev)
		}
	}
}

// TestInputUnasked: the name counts only for who says that it is there.
func TestInputUnasked(t *testing.T) {
	var ev record.Event
	line := "imklog 2026-05-26T19:47:43Z host kernel: " + nfText
	root := &record.Source{Kind: "file", Mode: "0640"}
	if _, err := New(Config{}).Parse([]byte(line), root, &ev); err == nil && ev.Trust > record.TrustNone {
		t.Errorf("trust %s", ev.Trust)
	}
}

// TestErrorOffset: the offset is that of the line, the name of the input included.
func TestErrorOffset(t *testing.T) {
	line := "imklog 2026-05-26T19:47:43Z host kernel: " + strings.Replace(nfText, "PROTO=TCP", "PROTO=QQQ", 1)
	var ev record.Event
	_, err := New(Config{Input: true}).Parse([]byte(line), nil, &ev)
	e, ok := err.(*Error)
	if !ok || !strings.HasPrefix(line[e.Offset:], "QQQ") && !strings.HasPrefix(line[e.Offset:], "PROTO=QQQ") {
		t.Errorf("%v", err)
	}
}

func TestKmsgContinuation(t *testing.T) {
	for _, line := range []string{" SUBSYSTEM=" + nfText, " DEVICE=+x:" + nfText, " DEVICE=" + aaText} {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(line), &record.Source{Kind: "device", Path: "/dev/kmsg", Mode: "0644"}, &ev)
		if (err != nil) != (messageIn(line) >= 0) || res.Kind != Skip {
			t.Errorf("%+v, %v: %s", res, err, line)
		}
	}
}

// TestNewlineOfBus: dbus-daemon ends its message with a newline, and libaudit
// goes on behind it.
func TestNewlineOfBus(t *testing.T) {
	const head = `type=1107 audit(1795447838.853:205): pid=9 uid=102 msg='`
	for newline, good := range map[string]bool{"": true, "\n": true, "#012": true, "#011": false, "x": false} {
		line := "Nov 23 15:05:50 host kernel: audit: " + head + dbus + newline + ` exe="/bin/dbus-daemon" terminal=?'`
		var ev record.Event
		_, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if (err == nil) != good || good && (ev.Fields[record.FExe] != "/bin/dbus-daemon" || ev.Fields[record.FPeerLabel] != "q") {
			t.Errorf("%q: %v, %+v", newline, err, said(&ev.Fields))
		}
	}
}
