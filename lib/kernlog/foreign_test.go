package kernlog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// TestForeignStamps: journalctl and dmesg print dates in the user's language, and
// templates in an order of their own. The message is read all the same, and has the
// time of its audit record; a packet has one where the date says it anywhere.
func TestForeignStamps(t *testing.T) {
	for stamp, year := range map[string]bool{
		"jan 24 16:33:41":                false, // nl, es, da
		"Mär 24 16:33:41":                false, // de
		"janv. 24 16:33:41":              false, // fr, ca
		"Okt  4 16:33:41":                false,
		"мар 24 16:33:41":                false,
		"3月 24 16:33:41":                 false, // ja, zh
		" 3月 24 16:33:41":                false,
		"11월 24 16:33:41":                false,
		"Thg 3 24 16:33:41":              false, // vi
		"Mar 24 16:33:41,123":            false,
		"mrt 24 16:33:41.123456":         false, // short-precise
		"2020 Sep 04 19:14:07":           true,
		"2020 Sep  4 19:14:07":           true,
		"2020 sep 04 19:14:07":           false,
		"za 2026-01-24 16:33:41 CET":     true, // short-full
		"sáb 2026-01-24 16:33:41 UTC":    true,
		"24.01.2026 16:33:41":            false,
		"2026/01/24 16:33:41":            false,
		"di. 24 janv. 2026 16:33:41 CET": false,
		"Sat 24 Jan 2026 04:33:41":       false,
		"za jan 24 16:33:41 2026":        false,
		"Sep 04 2020 19:14:07":           false, // Cisco's
	} {
		p := New(Config{Zone: time.FixedZone("CET", 3600)})
		for _, tail := range []string{" gw1 kernel: ", " gw1 kernel: [ 12.345678] ", " gw1 kernel: notice [ 12.345678] "} {
			var ev record.Event
			res, err := p.Parse([]byte(stamp+tail+aaText), nil, &ev)
			if err != nil || res.Kind != Event || ev.Host != "gw1" || ev.Carrier != carrierSyslog || ev.Fields[record.FName] != "/d/f" || ev.Time == "" {
				t.Errorf("%q: %v, %v, host %q", stamp+tail, res.Kind, err, ev.Host)
			}
			if _, err = p.Parse([]byte(stamp+tail+nfText), nil, &ev); err != nil || (ev.Time != "") != year || ev.Fields[record.FPrefix] != "[UFW BLOCK] " {
				t.Errorf("%q: %v, time %q, prefix %q", stamp+tail, err, ev.Time, ev.Fields[record.FPrefix])
			}
		}
		var ev record.Event
		if _, err := p.Parse([]byte(stamp+" gw1 dbus-daemon[1]: "+dbus), nil, &ev); err != nil || ev.Fields[record.FClass] != classDBus {
			t.Errorf("%q: %v", stamp, err)
		}
	}
}

// TestLevels: some templates put the level before the seconds since boot.
func TestLevels(t *testing.T) {
	for _, level := range []string{"notice ", "notice: ", "warning ", "kern.notice ", "<5>", ""} {
		ev := event(t, "Nov 23 15:05:50 host kernel: "+level+"[ 12.345678] "+aaText)
		if ev.Carrier != carrierSyslog || ev.Fields[record.FName] != "/d/f" {
			t.Errorf("%q: %+v", level, ev)
		}
	}
	ev := event(t, "Nov 23 15:05:50 host kernel: notice "+nfText) // a log prefix
	if got := ev.Fields[record.FPrefix]; got != "notice [UFW BLOCK] " {
		t.Errorf("prefix %q", got)
	}
}

// TestNothingIsSilent: a line that holds a message of AppArmor is an event, or an
// error that says what to do, whatever stands before the message.
func TestNothingIsSilent(t *testing.T) {
	for _, before := range []string{
		"kern.log:", "kern.log:Nov 23 15:05:50 host kernel: ", "Nov 23 15:05:50 host sudo: u : COMMAND=grep ", "Nov 23 15:05:50 kernel ",
		"Nov 23 15:05:50 host kern notice kernel: ", "16:33:41 host kernel: ", "x", "> ", "\t", "* ", "type=SYSCALL msg=audit(1.000:2): ", "| 1 | ",
		`{"message":"`, "<html>", "Jan 24 host kernel: ", "24/01/2026 16h33 host kernel: ", "a 1 16:33:41 a b c d kernel: ", "é 1 25:33:41 h kernel: ",
		"type=AVC msg=audit(24/01/2026 16:33:41.396:472) : ",
	} {
		for _, msg := range []string{aaText, aaBody, dbus, strings.ReplaceAll(aaBody, `"`, `\"`)} {
			var ev record.Event
			res, err := New(Config{}).Parse([]byte(before+msg), nil, &ev)
			var hint interface{ Hint() string }
			if res.Kind != Event && (!errors.As(err, &hint) || hint.Hint() == "") {
				t.Errorf("%v, %v: %s", res.Kind, err, before+msg)
			}
			var e *Error
			if err != nil && !errors.As(err, &e) {
				t.Errorf("%T: %s", err, before)
			}
		}
	}
}
