package propose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

func TestAppendText(t *testing.T) {
	p := New(Options{})
	for _, pairs := range []string{
		file + "profile=/usr/sbin/cupsd operation=open name=/etc/shadow denied_mask=r comm=ls",
		file + "profile=/usr/sbin/cupsd operation=open name=/etc/shadow denied_mask=r comm=a\x1b]0;b",
		own + "profile=/usr/sbin/cupsd operation=open name=/etc/shadow denied_mask=r",
		own + "profile=/usr/sbin/cupsd operation=open name=/var/x denied_mask=rw",
		file + "profile=/usr/sbin/cupsd operation=open name=/var/x denied_mask=r",
		file + "profile=/usr/sbin/cupsd operation=exec name=/bin/sh denied_mask=x",
		file + "profile=aa\nevil operation=open name=/x denied_mask=r",
	} {
		ev := event(t, strings.ReplaceAll(pairs, "aa\nevil", "aa~evil"))
		ev.Time, ev.File, ev.Line = "2026-05-26T18:00:00Z", "/var/log/audit/audit.log", 12
		if ev.Fields[record.FComm] == "ls" {
			ev.Time, ev.Trust, ev.Reason = "2026-05-26T19:00:00Z", record.TrustLog, "any local user can write it"
		}
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
	}
	want := `# profile "/usr/sbin/cupsd"
  # 1 time, 2026-05-26T18:00:00Z, by "a\x1b]0;b", trust kernel, see "/var/log/audit/audit.log":12
  # danger 7: reads the passwords
  "/etc/shadow" r,
  # 1 time, 2026-05-26T18:00:00Z, trust kernel, see "/var/log/audit/audit.log":12
  # danger 7: reads the passwords
  # granted to everybody: owner "/etc/shadow" r,
  # 1 time, 2026-05-26T19:00:00Z, by "ls", trust log (any local user can write it), see "/var/log/audit/audit.log":12
  # danger 7: reads the passwords
  # granted by lines that are believed more: "/etc/shadow" r,
  # 1 time, 2026-05-26T18:00:00Z, trust kernel, see "/var/log/audit/audit.log":12
  # danger 1: reads a file
  "/var/x" r,
  # 1 time, 2026-05-26T18:00:00Z, trust kernel, see "/var/log/audit/audit.log":12
  # danger 2: writes a file
  owner "/var/x" w,
  # note (exec): exec of "/bin/sh"
  # hint: --exec=ix, px or cx: in the same profile, in its own, or in a child of this one
  # 1 time, 2026-05-26T18:00:00Z, trust kernel, see "/var/log/audit/audit.log":12

# profile "aa evil"
  # 1 time, 2026-05-26T18:00:00Z, trust kernel, see "/var/log/audit/audit.log":12
  # danger 1: reads a file
  "/x" r,
`
	if diff := cmp.Diff(want, textOf(allRules(p), allNotes(p))); diff != "" {
		t.Error(diff)
	}
}

// Whatever a stream says, the text is comments and rules: no line of it is
// anything else, and nothing in it acts upon a terminal.
func TestTextIsCommentsAndRules(t *testing.T) {
	hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"x\n} profile evil {\n", "\x1b[2J", "\u202e", "\u009b1m", "\xff\n", "\u200b\u3164\ufe0f\U000e0041", "\r/** rwx,", "#include <x>", "",
	}))
	rapid.Check(t, func(t *rapid.T) {
		evidence := func() record.Evidence {
			s := hostile.Draw(t, "s")
			return record.Evidence{Count: 1, First: s, Last: hostile.Draw(t, "last"), Reason: s, Comms: []string{s}, Sample: record.Sample{File: s, Line: 1}}
		}
		profile := hostile.Draw(t, "profile")
		rules := []record.Rule{
			{Profile: profile, Text: hostile.Draw(t, "text"), Why: hostile.Draw(t, "why"), Made: []string{hostile.Draw(t, "made")}, Evidence: evidence()},
			{Profile: profile, Text: `"/a" r,`, Evidence: evidence()},
		}
		notes := []record.Note{{Profile: profile, Kind: hostile.Draw(t, "kind"), Text: hostile.Draw(t, "note"), Hint: hostile.Draw(t, "hint"), Evidence: evidence()}}
		for line := range strings.Lines(textOf(rules, notes)) {
			line, ok := strings.CutSuffix(line, "\n")
			trimmed := strings.TrimLeft(line, " ")
			if !ok || trimmed != "" && !strings.HasPrefix(trimmed, "# ") && trimmed != `"/a" r,` {
				t.Fatalf("line %q", line)
			}
			if !visible.Is(line) {
				t.Fatalf("line %q", line)
			}
		}
	})
}
