package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// TestRepeatedMessages: what a daemon of syslog folded into one line counts as often
// as it came, and what only looks folded does not.
func TestRepeatedMessages(t *testing.T) {
	const stamp = "Nov 23 15:05:50 host "
	for _, tt := range []struct {
		line  string
		count uint64 // 0: no event
	}{
		{stamp + "dbus-daemon[9]: message repeated 2 times: [ " + dbus + "]", 2},
		{"2026-11-23T15:05:50.123456+01:00 host dbus[9]: message repeated 41 times: [" + dbus + "]", 41},
		{"<4>1 2026-11-23T15:05:50Z host dbus-daemon 9 - - message repeated 3 times: [ " + dbus + "]", 3},
		{stamp + "kernel: message repeated 5 times: [ [ 12.345678] " + nfText + "]", 5},
		{stamp + "kernel: message repeated 5 times: [" + nfText + " ]", 5},
		{stamp + "kernel: message repeated 5 times: [ " + auditHead + aaBody + "]", 1}, // one record
		{stamp + "kernel: message repeated 0 times: [ " + nfText + "]", 0},
		{stamp + "kernel: message repeated 5 times: [ " + nfText, 1}, // cut: the frame is taken for a log prefix
		{stamp + "kernel: message repeated 99999999999 times: [ " + nfText + "]", 0},
		{"[ 12.345678] message repeated 5 times: [ " + nfText + "]", 0}, // the kernel folds nothing
	} {
		var ev record.Event
		res, _ := New(Config{}).Parse([]byte(tt.line), nil, &ev)
		if (res.Kind == Event) != (tt.count > 0) || ev.Count != tt.count {
			t.Errorf("%d events, want %d: %s", ev.Count, tt.count, tt.line)
		}
	}
}
