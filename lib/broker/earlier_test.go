package broker

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// earlier lays out a file that version 0.1.0 wrote.
func earlier(t *testing.T, name string) (folder, text string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "0.1.0", name))
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	write(t, folder, name, string(body))
	return folder, string(body)
}

// without returns the text without a line, which has to be there.
func without(t *testing.T, text, line string) string {
	t.Helper()
	before, after, ok := strings.Cut(text, line+"\n")
	if !ok {
		t.Errorf("the line %q is not there", line)
	}
	return before + after
}

// TestEarlierBlockIsKept: a block that 0.1.0 wrote is read, every line of it stays
// what it was and where it was, and one hint names what would be refused today.
func TestEarlierBlockIsKept(t *testing.T) {
	folder, was := earlier(t, "foo")
	b := open(t, folder, nil)
	if err := b.AddRule(rule("foo", `"/srv/new" r,`)); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	now := content(t, folder, "foo")
	if got := without(t, now, `  "/srv/new" r,`); got != was {
		t.Errorf("got\n%s\nwant\n%s", got, was)
	}
	hints := b.Hints()
	if len(hints) != 1 || !strings.HasPrefix(hints[0], folder+"/foo: ") || !strings.Contains(hints[0], "would be refused today") || strings.Contains(hints[0], "srv/plain") {
		t.Fatalf("hints %q", hints)
	}

	// more rules, and in the same run no second hint
	for i, text := range []string{`"/srv/plain" w,`, `"/zz" r,`, `capability chown,`} {
		if err := b.AddRule(rule("foo", text)); err != nil {
			t.Fatal(err)
		}
		if commit(t, b); len(b.Hints()) != 0 {
			t.Errorf("a hint once more: %d", i)
		}
	}
	now = content(t, folder, "foo")
	for _, added := range []string{`  "/srv/new" r,`, `  "/zz" r,`, `  capability chown,`} {
		now = without(t, now, added)
	}
	if now, was = without(t, now, `  "/srv/plain" rw,`), without(t, was, `  "/srv/plain" r,`); now != was {
		t.Errorf("got\n%s", now)
	}
}

// TestEarlierLines: each line of such a block is one of 0.1.0's grammar, and what
// nobody wrote by sl-write is an edited block all the same.
func TestEarlierLines(t *testing.T) {
	_, was := earlier(t, "foo")
	n := 0
	for line := range strings.Lines(was) {
		text, isRule := strings.CutPrefix(strings.TrimSuffix(line, "\n"), indent)
		if !isRule {
			continue
		}
		if n++; !apparmor.Earlier(text) {
			t.Errorf("not a line of 0.1.0: %q", text)
		}
		for _, edited := range []string{text + " # why", "audit " + text, strings.ReplaceAll(text, `"`, ""), " " + text, strings.TrimSuffix(text, ",")} {
			if edited == text { // has no name
				continue
			}
			folder := t.TempDir()
			write(t, folder, "foo", part(edited))
			b := open(t, folder, nil)
			if err := b.AddRule(rule("foo", `"/srv/new" r,`)); err != nil {
				t.Fatal(err)
			}
			if changes, refused, err := b.Plan(); err != nil || len(changes) != 0 || len(refused) != 1 || !strings.Contains(refused[0].Error(), "foo:2: not as sl-write left it") {
				t.Errorf("%q: %d changes, %v, %v", edited, len(changes), refused, err)
			}
		}
	}
	t.Logf("%d lines", n)
}

// TestEarlierFirewall: 256 rules of 0.1.0 that let everybody in together.
func TestEarlierFirewall(t *testing.T) {
	folder, was := earlier(t, "x.nft")
	b := open(t, folder, func(o *Options) {
		o.Targets = []Target{{Folder: o.Targets[0].Folder, Path: filepath.Join(folder, "x.nft"), Name: "x.nft", Syntax: string(netfilter.NFT)}}
	})
	const text = "add rule inet filter sl-output ip daddr 192.0.2.1 tcp dport 443 accept"
	if err := b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: string(netfilter.NFT), Text: text, Evidence: record.Evidence{Trust: record.TrustKernel}}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	if got := without(t, content(t, folder, "x.nft"), text); got != was {
		t.Errorf("got\n%s", got)
	}
	if hints := b.Hints(); len(hints) != 1 || !strings.Contains(hints[0], "together with 255 others: danger") {
		t.Errorf("hints %.2000q", hints)
	}
}

// TestKeptLinesStayInPlace: whatever is merged around them, the lines that are kept
// are all there, in their order.
func TestKeptLinesStayInPlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		line := rapid.SampledFrom([]string{"a=r;", "b=r;", "c=rw;", "A=R;", "B=R;", "C=R;"})
		old := rapid.SliceOfN(line, 0, 8).Draw(rt, "old")
		folder := t.TempDir()
		write(t, folder, "p", part(old...))
		d := lay(t, folder, nil)
		for _, text := range rapid.SliceOfN(rapid.SampledFrom([]string{"a=r;", "a=w;", "b=rst;", "d=r;"}), 1, 4).Draw(rt, "new") {
			d.add("/p", text)
		}
		changes, _, err := d.Plan()
		if err != nil {
			rt.Fatal(err)
		}
		for _, c := range changes {
			kept := func(lines []string) []string {
				return slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "#") || l != strings.ToUpper(l) })
			}
			if got, want := kept(lines(c.New)), kept(lines(c.Old)); !slices.Equal(got, want) {
				rt.Fatalf("kept %q, want %q", got, want)
			}
			s, err := toy{}.standing(mustCut(rt, c.New))
			if err != nil || !slices.IsSorted(s.rules) {
				rt.Fatalf("%q: %v", c.New, err)
			}
		}
		d.die()
	})
}

func mustCut(t *rapid.T, text []byte) []byte {
	l, err := cut(text)
	if err != nil {
		t.Fatal(err)
	}
	return l.body
}

// TestEarlierDecisions: a line that names a rule which is not taken any more is an
// error that says so, and which line it is.
func TestEarlierDecisions(t *testing.T) {
	_, was := earlier(t, "foo")
	n := 0
	for line := range strings.Lines(was) {
		text := strings.TrimSpace(line)
		if _, err := (additions{}).canonical(text); err == nil || text[0] == '#' {
			continue
		}
		n++
		_, err := ParseDecisions("p", []byte("# c\nallow-for \"foo\" "+text+"\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "p:2: ") || visible.Is(text) && !strings.Contains(err.Error(), "take the line out") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if n < 8 {
		t.Errorf("only %d lines are refused today", n)
	}
}
