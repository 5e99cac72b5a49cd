package broker

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/visible"
)

// contextLines is how many unchanged lines stand around a change, as diff -u.
const contextLines = 3

// Diff returns the change as a unified diff, for a person to read: what a
// terminal could act upon in hand-written lines is shown as \x1b or \u202e.
// Where there is nothing of that kind, patch -p1 takes it. Of two very
// different texts it says that all lines between the first and the last
// difference were replaced.
func (c Change) Diff() []byte {
	old, path := "/dev/null", strings.TrimPrefix(visible.Text(c.Path), "/")
	if strings.ContainsAny(path, " \t") {
		path += "\t" // ends the name for patch, which otherwise ends it at the blank
	}
	if c.was.exists {
		old = "a/" + path
	}
	d := unified(lines(c.Old), lines(c.New))
	if len(d) == 0 {
		return nil
	}
	return fmt.Appendf(nil, "--- %s\n+++ b/%s\n%s", old, path, d)
}

// lines cuts text behind each newline; only the last line may lack one.
func lines(text []byte) []string {
	return slices.Collect(strings.Lines(string(text)))
}

// unified formats the differences of two texts as hunks, without the header.
func unified(a, b []string) string {
	var out strings.Builder
	edits := difference(a, b)
	for len(edits) > 0 {
		n := 1 // edits that share their context are one hunk
		for n < len(edits) && edits[n].a0-edits[n-1].a1 <= 2*contextLines {
			n++
		}
		hunk(&out, a, b, edits[:n])
		edits = edits[n:]
	}
	return out.String()
}

func hunk(out *strings.Builder, a, b []string, edits []edit) {
	first, last := edits[0], edits[len(edits)-1]
	lead := min(contextLines, first.a0)
	tail := min(contextLines, len(a)-last.a1)
	fmt.Fprintf(out, "@@ -%s +%s @@\n", span(first.a0-lead, last.a1+tail), span(first.b0-lead, last.b1+tail))
	at := first.a0 - lead
	for _, e := range edits {
		mark(out, " ", a[at:e.a0])
		mark(out, "-", a[e.a0:e.a1])
		mark(out, "+", b[e.b0:e.b1])
		at = e.a1
	}
	mark(out, " ", a[at:at+tail])
}

// span writes lines [from, to) as POSIX diff does: from 1, the length left out
// where it is one, and an empty span by the line before it.
func span(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprint(to)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func mark(out *strings.Builder, sign string, lines []string) {
	for _, line := range lines {
		text, newline := strings.CutSuffix(line, "\n")
		out.WriteString(sign)
		for i, part := range strings.Split(text, "\t") {
			if i > 0 {
				out.WriteByte('\t') // the one control character that a diff shows as it is
			}
			out.WriteString(visible.Text(part))
		}
		out.WriteByte('\n')
		if !newline {
			out.WriteString("\\ No newline at end of file\n")
		}
	}
}
