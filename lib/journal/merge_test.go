package journal_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/journal"
	"github.com/sl-suite/sl/scripts/lab/sample"
)

// halves deals the entries of export text out to two journals.
func halves(r *rand.Rand, text []byte) (a, b []byte) {
	for _, entry := range bytes.SplitAfter(text, []byte("\n\n__REALTIME")) {
		entry = bytes.TrimSuffix(entry, []byte("__REALTIME"))
		if len(entry) > 0 && !bytes.HasPrefix(entry, []byte("__REALTIME")) {
			entry = append([]byte("__REALTIME"), entry...)
		}
		if r.IntN(3) == 0 {
			a = append(a, entry...)
		} else {
			b = append(b, entry...)
		}
	}
	return a, b
}

// TestMerged: journals of two writers, one of them there twice, are one stream in
// journalctl's order, from the start and from any cursor on.
func TestMerged(t *testing.T) {
	rnd := sample.Rand(t)
	n := sample.Size(1000, 20_000)
	a, b := halves(rnd, export(rnd, n))
	folder := t.TempDir()
	for name, text := range map[string][]byte{"a": a, "b": b} {
		made, _ := filepath.Glob(made(t, text) + "/*")
		for _, path := range made {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copies := []string{name}
			if name == "a" {
				copies = []string{"a", "copy"}
			}
			for _, c := range copies {
				if err := os.WriteFile(filepath.Join(folder, c+filepath.Base(path)), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	want := journalctl(t, "--file", folder+"/*")
	got, problems := ours(t, nil, opened(t, folder)...)
	if len(problems) > 0 {
		t.Error(problems)
	}
	if len(got) != n {
		t.Errorf("%d entries of %d", len(got), n)
	}
	same(t, want, got)
	for range sample.Size(5, 50) {
		text := cursorOf(got[rnd.IntN(len(got)-len(got)/10)])
		c, err := journal.ParseCursor(text)
		if err != nil || c.String() != text {
			t.Fatalf("%s: %s, %v", text, c.String(), err)
		}
		// journalctl with a match passes over an entry more, where the cursor's has none
		rest := after(t, c, nil, opened(t, folder)...)
		same(t, journalctl(t, "--file", folder+"/*", "--after-cursor", text), rest)
		kernel := after(t, c, []journal.Match{{Name: "_TRANSPORT", Value: "kernel"}}, opened(t, folder)...)
		same(t, slices.DeleteFunc(rest, func(one answer) bool { return !slices.Contains(one, "_TRANSPORT=kernel") }), kernel)
	}
	t.Logf("%d entries in %d files", n, len(opened(t, folder)))
}

func cursorOf(one answer) string {
	for _, line := range one {
		if text, ok := strings.CutPrefix(line, "__CURSOR="); ok {
			return text
		}
	}
	return ""
}

// after reads what comes after a cursor.
func after(t *testing.T, c journal.Cursor, matches []journal.Match, files ...io.ReaderAt) (all []answer) {
	t.Helper()
	r := journal.NewReader(matches)
	for _, file := range files {
		f, err := journal.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		r.Add(f)
	}
	r.SeekAfter(c)
	var text []byte
	for e, err := range r.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		text = journal.AppendExport(text[:0], e)
		all = append(all, answers(t, text)...)
	}
	return all
}

// TestCursor: only a whole cursor is one.
func TestCursor(t *testing.T) {
	const good = "s=9b1e7b2b4f5b4b8f9d3e5c6a7b8c9d0e;i=3e8;b=4af1ed33a88c4b4fbb49aac9488150ae;m=843b8157;t=661619ad64ffc;x=ffffffffffffffff"
	if c, err := journal.ParseCursor(good); err != nil || c.String() != good || c.Seqnum != 1000 {
		t.Errorf("%s: %v %v", good, c, err)
	}
	for _, bad := range []string{
		"", "s=", good[:len(good)-18], good + ";i=1", strings.Replace(good, "i=", "y=", 1), strings.Replace(good, "i=3e8", "i=", 1),
		strings.Replace(good, "i=3e8", "i=1ffffffffffffffff", 1), strings.Replace(good, "s=9", "s=", 1), strings.Replace(good, "b=4a", "b=xx", 1), good + ";", "\x00" + good,
	} {
		if c, err := journal.ParseCursor(bad); err == nil || c != (journal.Cursor{}) {
			t.Errorf("%q is a cursor: %v", bad, c)
		}
	}
}
