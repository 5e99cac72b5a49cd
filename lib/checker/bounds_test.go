package checker

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestTooLong: rules for which no time is enough are refused, and nothing of
// apparmor_parser goes on behind that.
func TestTooLong(t *testing.T) {
	needParser(t)
	if testing.Short() {
		t.Skip("it takes a while")
	}
	var rules strings.Builder
	for i := range 300 {
		fmt.Fprintf(&rules, "\"/tmp/**/x%d/*/y%d/**\" r,\n", i, i*7)
	}
	file := t.TempDir() + "/long"
	if err := os.WriteFile(file, fmt.Appendf(nil, "profile long {\n%s}\n", &rules), 0o600); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err := command{name: parser, args: []string{"--config-file", "/dev/null", "-K", "-q", "-Q", file}, timeout: time.Minute, processor: time.Second}.run()
	if !refused(err) {
		t.Fatalf("%v after %v", err, time.Since(start))
	}
	time.Sleep(100 * time.Millisecond)
	for _, pid := range running(file) {
		t.Errorf("process %s goes on", pid)
	}
	t.Logf("%v after %v", err, time.Since(start).Round(time.Millisecond))
}

// running returns the processes that have the argument.
func running(argument string) (pids []string) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if b, err := os.ReadFile("/proc/" + e.Name() + "/cmdline"); err == nil && strings.Contains(string(b), "\x00"+argument+"\x00") {
			pids = append(pids, e.Name())
		}
	}
	return pids
}

// TestLoops: includes that lead back, and a folder that holds itself, end.
func TestLoops(t *testing.T) {
	needParser(t)
	p, _ := lay(t, map[string]string{
		global: "", "abstractions/a": "include <abstractions/b>\n", "abstractions/b": "include <abstractions/a>\ninclude if exists <local/x>\n",
		"self":    "include <self>\nprofile self {\n  include if exists <local/x>\n}\n",
		"p":       "profile p {\n" + half + "  include <abstractions/a>\n}\n",
		"ring":    "-> .",
		"q":       "profile q {\n" + half + "  include if exists <ring/ring/ring/local/x>\n}\n",
		"n\newly": "profile newly {\n" + half + "  include if exists <local/x>\n}\n",
	})
	for _, test := range []struct {
		text string
		ok   bool
	}{{"\"/x\" r,\n", true}, {otherHalf, false}} {
		report, err := p.Check([]Candidate{{Name: "x", Text: []byte(test.text)}})
		if err != nil || (report.Refused[0] == nil) != test.ok {
			t.Errorf("%q: %v, %v", test.text, report, err)
		}
		t.Logf("%q", report.Notes)
	}
}
