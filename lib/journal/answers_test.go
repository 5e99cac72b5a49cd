package journal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/journal"
)

const corpus = "../../../shared/corpus/journal/"

// An answer is an entry as journalctl prints it: its fields in any order.
type answer []string

// answers takes export text apart.
func answers(t testing.TB, text []byte) (all []answer) {
	t.Helper()
	var one answer
	for len(text) > 0 {
		line, rest, ok := bytes.Cut(text, []byte{'\n'})
		if !ok {
			t.Fatalf("export text ends in a line: %q", line)
		}
		text = rest
		switch {
		case len(line) == 0:
			slices.Sort(one)
			all, one = append(all, one), nil
		case bytes.IndexByte(line, '=') >= 0:
			// since systemd 254, and only in what it prints
			if name, _, _ := strings.Cut(string(line), "="); name != "__SEQNUM" && name != "__SEQNUM_ID" {
				one = append(one, string(line))
			}
		default:
			n := binary.LittleEndian.Uint64(text)
			one = append(one, string(line)+"="+string(text[8:8+n]))
			text = text[8+n+1:]
		}
	}
	return all
}

// journalctl returns what the real one prints.
func journalctl(t testing.TB, args ...string) []answer {
	t.Helper()
	if _, err := exec.LookPath("journalctl"); err != nil {
		t.Skip("no journalctl: systemd is not installed")
	}
	var stderr bytes.Buffer
	cmd := exec.Command("journalctl", append([]string{"--quiet", "--no-pager", "--all", "-o", "export"}, args...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && stderr.Len() > 0 {
		t.Fatalf("journalctl %s: %v: %s", args, err, &stderr)
	}
	return answers(t, out)
}

// ours returns what the package reads, and the problems that it found.
func ours(t testing.TB, matches []journal.Match, files ...io.ReaderAt) (all []answer, problems []string) {
	t.Helper()
	var opened []*journal.File
	for _, file := range files {
		f, err := journal.Open(file)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		opened = append(opened, f)
	}
	var text []byte
	for e, err := range journal.NewReader(matches, opened...).Entries() {
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		text = journal.AppendExport(text[:0], e)
		all = append(all, answers(t, text)...)
	}
	return all, problems
}

// packings returns the corpus, by name.
func packings(t testing.TB) map[string][]byte {
	t.Helper()
	names, _ := filepath.Glob(corpus + "*.journal.gz")
	if len(names) == 0 {
		t.Skip("no journals in " + corpus)
	}
	all := map[string][]byte{}
	for _, name := range names {
		packed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if all[strings.TrimSuffix(filepath.Base(name), ".journal.gz")], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// write puts a journal where journalctl can read it.
func write(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.journal")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func same(t testing.TB, want, got []answer) {
	t.Helper()
	if len(want) == 0 {
		t.Error("journalctl has no entries")
	}
	for i := range min(len(want), len(got)) {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Fatalf("entry %d: %s", i, diff)
		}
	}
	if len(want) != len(got) {
		t.Errorf("%d entries, journalctl has %d", len(got), len(want))
	}
}

// TestPackings: the same entries as journalctl, in its order, from every packing, by
// the index and without it.
func TestPackings(t *testing.T) {
	n := 0
	for name, content := range packings(t) {
		path := write(t, content)
		for _, args := range [][]string{{}, {"_TRANSPORT=kernel"}, {"_TRANSPORT=syslog"}, {"SYSLOG_IDENTIFIER=d1", "+", "_TRANSPORT=kernel"}, {"_TRANSPORT=audit"}} {
			var matches []journal.Match
			for _, arg := range args {
				if name, value, ok := strings.Cut(arg, "="); ok {
					matches = append(matches, journal.Match{Name: name, Value: value})
				}
			}
			got, problems := ours(t, matches, bytes.NewReader(content))
			if len(problems) > 0 {
				t.Errorf("%s %s: %s", name, args, problems)
			}
			if args != nil && slices.Contains(args, "_TRANSPORT=audit") {
				if len(got) > 0 {
					t.Errorf("%s: entries of audit: %s", name, got)
				}
				continue
			}
			same(t, journalctl(t, append([]string{"--file", path}, args...)...), got)
			n += len(got)
		}
	}
	t.Logf("%d entries", n)
}
