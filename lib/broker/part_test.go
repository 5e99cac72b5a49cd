package broker

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCut(t *testing.T) {
	const b, e = beginLine + "\n", endLine + "\n"
	tests := []struct{ name, text, before, body, after, err string }{
		{"empty", "", "", "", "", ""},
		{"hand-written only", "  /a r,\n", "  /a r,\n", "", "", ""},
		{"ours only", b + "x\n" + e, "", "x\n", "\n", ""},
		{"between", "h\n" + b + "x\ny\n" + e + "t", "h\n", "x\ny\n", "\nt", ""},
		{"empty part", b + e, "", "", "\n", ""},
		{"end without newline", "h\n" + b + "x\n" + endLine, "h\n", "x\n", "", ""},
		{"other comments", "# BEGIN other\n# END\n", "# BEGIN other\n# END\n", "", "", ""},
		{"two begins", b + b + e, "", "", "", "2: second BEGIN"},
		{"two parts", b + e + b + e, "", "", "", "3: second BEGIN"},
		{"end first", e + b, "", "", "", "1: END line"},
		{"two ends", b + e + e, "", "", "", "3: END line"},
		{"no end", "h\n" + b + "x\n", "", "", "", "2: BEGIN line of sl-write without an END"},
		{"begin at the end of the file", "h\n" + beginLine, "", "", "", "2: BEGIN line of sl-write without an END"},
		{"indented", b + "x\n  " + e, "", "", "", "3: altered"},
		{"crlf", strings.ReplaceAll(b+"x\n"+e, "\n", "\r\n"), "", "", "", "1: altered"},
		{"other text", "# BEGIN sl-write\n" + e, "", "", "", "1: altered"},
		{"no blank", b + "#END sl-write\n", "", "", "", "2: altered"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, err := cut([]byte(test.text))
			if test.err != "" {
				var at *lineError
				if !errors.As(err, &at) || !strings.HasPrefix(fmt.Sprintf("%d: %s", at.line, at.err), test.err) {
					t.Fatalf("got error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil || string(l.before) != test.before || string(l.body) != test.body || string(l.after) != test.after {
				t.Fatalf("got %q %q %q, %v", l.before, l.body, l.after, err)
			}
		})
	}
}

// handWritten draws bytes of which none is a marker of ours.
func handWritten(t *rapid.T, name string) []byte {
	line := rapid.OneOf(
		rapid.StringMatching(`[ -~\t]{0,12}\r?\n`),
		rapid.SampledFrom([]string{"\n", "\r\n", "# BEGIN\n", "# END\n", "  /a r,\n", "\x00\xff\n", "é\n", "\\\n"}),
	)
	text := strings.Join(rapid.SliceOfN(line, 0, 6).Draw(t, name), "")
	if rapid.Bool().Draw(t, name+" has no final newline") {
		text = strings.TrimSuffix(text, "\n")
	}
	return []byte(text)
}

// Whatever stands in a file by hand is in it afterwards, byte for byte, and the
// part can be replaced any number of times.
func TestHandWrittenTextIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := handWritten(t, "before")
		l, err := cut(before)
		if err != nil {
			t.Fatal(err)
		}
		first := l.join([]byte("a\n"))
		if !bytes.HasPrefix(first, before) || !strings.HasSuffix(string(first), "\n"+endLine+"\n") && len(before) > 0 {
			t.Fatalf("got %q", first)
		}
		after := handWritten(t, "after")
		text := append(bytes.Clone(first), after...)
		l, err = cut(text)
		if err != nil {
			t.Fatal(err)
		}
		if string(l.body) != "a\n" || !bytes.Equal(l.join(l.body), text) {
			t.Fatalf("body %q of %q", l.body, text)
		}
		second, err := cut(l.join([]byte("b\nc\n")))
		if err != nil || string(second.body) != "b\nc\n" || !bytes.HasPrefix(second.before, before) || !bytes.HasSuffix(second.after, after) {
			t.Fatalf("before %q body %q after %q, %v", second.before, second.body, second.after, err)
		}
	})
}

func FuzzCut(f *testing.F) {
	f.Add([]byte("h\n"+beginLine+"\nx\n"+endLine), []byte("y\n"))
	f.Add([]byte(beginLine+"\n"+beginLine), []byte(""))
	f.Fuzz(func(t *testing.T, text, body []byte) {
		l, err := cut(text)
		if err != nil {
			return
		}
		if l.line != 0 && !bytes.Equal(l.join(l.body), text) {
			t.Fatalf("cutting and joining changes %q", text)
		}
		if len(body) > 0 && body[len(body)-1] != '\n' {
			body = append(bytes.Clone(body), '\n') // a fuzz target must not write to its arguments
		}
		if c, err := cut(body); err != nil || c.line != 0 {
			return // holds markers itself: no language writes such lines
		}
		again, err := cut(l.join(body))
		if err != nil || !bytes.Equal(again.body, body) || !bytes.HasPrefix(again.before, l.before) || l.line != 0 && !bytes.Equal(again.after, l.after) {
			t.Fatalf("%q with %q: %v", text, body, err)
		}
	})
}
