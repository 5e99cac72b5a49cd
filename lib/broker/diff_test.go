package broker

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	changed := func(old string, exists bool, new string) Change {
		return Change{Path: "/etc/x", Old: []byte(old), New: []byte(new), was: snapshot{exists: exists}}
	}
	long := strings.Repeat("=\n", 4)
	tests := []struct {
		name   string
		change Change
		want   string
	}{
		{"same", changed("a\n", true, "a\n"), ""},
		{"new file", changed("", false, "a\nb\n"), "--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"empty file", changed("", true, "a\n"), "--- a/etc/x\n+++ b/etc/x\n@@ -0,0 +1 @@\n+a\n"},
		{"no final newline", changed("a", true, "a\nb"), "--- a/etc/x\n+++ b/etc/x\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"},
		{"context", changed(long+"a\n"+long, true, long+"b\n"+long), "--- a/etc/x\n+++ b/etc/x\n@@ -2,7 +2,7 @@\n =\n =\n =\n-a\n+b\n =\n =\n =\n"},
		{"joined", changed("a\n1\n2\n3\n4\n5\n6\nb\n", true, "A\n1\n2\n3\n4\n5\n6\nB\n"), "--- a/etc/x\n+++ b/etc/x\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
		{"two hunks", changed("a\n1\n2\n3\n4\n5\n6\n7\nb\n", true, "A\n1\n2\n3\n4\n5\n6\n7\n"), "--- a/etc/x\n+++ b/etc/x\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,3 @@\n 5\n 6\n 7\n-b\n"},
		{"escapes", changed("\x1b[2J\tx\r\n\x00\xff\x9b\u202e\u009b\n", true, ""), "--- a/etc/x\n+++ b/etc/x\n@@ -1,2 +0,0 @@\n-\\x1b[2J\tx\\r\n-\\x00\\xff\\x9b\\u202e\\u009b\n"},
		{"odd name", Change{Path: "a b\x1b", New: []byte("x\n")}, "--- /dev/null\n+++ b/a b\\x1b\t\n@@ -0,0 +1 @@\n+x\n"},
	}
	for _, test := range tests {
		if got := string(test.change.Diff()); got != test.want {
			t.Errorf("%s: got\n%swant\n%s", test.name, got, test.want)
		}
	}
}

// text draws a text of few different lines, so that many are common.
func text(t *rapid.T, name string) []byte {
	s := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "\n", "-\n", "@@ -1 +1 @@\n"}), 0, 40).Draw(t, name), "")
	if rapid.Bool().Draw(t, name+" has no final newline") {
		s = strings.TrimSuffix(s, "\n")
	}
	return []byte(s)
}

// apply carries edits out.
func apply(a, b []string, edits []edit) (out []string, changed int) {
	at := 0
	for _, e := range edits {
		out = append(append(out, a[at:e.a0]...), b[e.b0:e.b1]...)
		changed += e.a1 - e.a0 + e.b1 - e.b0
		at = e.a1
	}
	return append(out, a[at:]...), changed
}

// fewest is the number of lines that must change, by the plain table of the
// longest common subsequence.
func fewest(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return len(a) + len(b) - 2*row[len(b)]
}

func TestDifferenceIsShortest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := lines(text(t, "old")), lines(text(t, "new"))
		edits := difference(a, b)
		got, changed := apply(a, b, edits)
		if !slices.Equal(got, b) {
			t.Fatalf("%q with %v gives %q, want %q", a, edits, got, b)
		}
		if want := fewest(a, b); changed != want {
			t.Fatalf("%d lines changed, %d would do", changed, want)
		}
		for i := range edits[:max(len(edits)-1, 0)] {
			if edits[i].a1 >= edits[i+1].a0 || edits[i].b1 >= edits[i+1].b0 {
				t.Fatalf("edits touch or overlap: %v", edits)
			}
		}
	})
}

// Beyond the bound the difference is still one, if a coarse one.
func TestDifferenceBeyondTheBound(t *testing.T) {
	var a, b []string
	for i := range 3 * maxEdits {
		a, b = append(a, strings.Repeat("a", i%7)), append(b, strings.Repeat("b", i%5+1))
	}
	a, b = append(a, "same"), append(b, "same")
	edits := difference(a, b)
	if got, _ := apply(a, b, edits); !slices.Equal(got, b) || len(edits) != 1 {
		t.Errorf("%d edits", len(edits))
	}
}

// patch(1) makes the new text of the old one and our diff, and diff -d finds no
// shorter one.
func TestDiffAgainstTheSystem(t *testing.T) {
	for _, tool := range []string{"patch", "diff"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool, " is not installed")
		}
	}
	folder := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		if n++; n > 40 {
			return // two processes each: enough is enough
		}
		old, new := text(t, "old"), text(t, "new")
		for name, text := range map[string][]byte{"x": old, "new": new} {
			if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d := Change{Path: "x", Old: old, New: new, was: snapshot{exists: true}}.Diff()
		theirs := exec.Command("diff", "-d", "-u", "x", "new")
		theirs.Dir = folder
		out, _ := theirs.Output() // status 1 says that they differ
		if signs(d) != signs(out) {
			t.Fatalf("we\n%sdiff\n%s", d, out)
		}
		patch := exec.Command("patch", "-p1", "-s", "--posix", "-o", "patched")
		patch.Dir = folder
		patch.Stdin = strings.NewReader(string(d))
		if len(d) == 0 {
			return
		}
		if out, err := patch.CombinedOutput(); err != nil {
			t.Fatalf("patch: %v, %s of\n%s", err, out, d)
		}
		if got, err := os.ReadFile(filepath.Join(folder, "patched")); err != nil || string(got) != string(new) {
			t.Fatalf("patched %q, want %q with\n%s", got, new, d)
		}
	})
}

// signs counts the removed and added lines of a diff.
func signs(d []byte) (n [2]int) {
	_, hunks, _ := strings.Cut(string(d), "\n@@")
	for line := range strings.Lines("@@" + hunks) {
		switch line[0] {
		case '-':
			n[0]++
		case '+':
			n[1]++
		}
	}
	return n
}

func BenchmarkDiff(b *testing.B) {
	var old, new strings.Builder
	for i := range 100_000 {
		line := strings.Repeat("x", i%50) + "\n"
		old.WriteString(line)
		new.WriteString(line)
		if i%500 == 0 {
			new.WriteString("added\n")
		}
	}
	c := Change{Path: "x", Old: []byte(old.String()), New: []byte(new.String())}
	for b.Loop() {
		c.Diff()
	}
}
