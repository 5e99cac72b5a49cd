package stage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// readAll returns the lines of blocks, with a line too long as "LONG head".
func readAll(t interface{ Fatalf(string, ...any) }, b *Blocks) []string {
	var lines []string
	for {
		block, err := b.Next()
		var long *LongError
		switch {
		case err == io.EOF:
			return lines
		case errors.As(err, &long):
			lines = append(lines, fmt.Sprintf("LONG %.3s", long.Head))
		case err != nil:
			t.Fatalf("%v", err)
		default:
			n := uint64(0)
			for line := range bytes.Lines(block) {
				lines = append(lines, string(line))
				n++
			}
			if n != CountLines(block) {
				t.Fatalf("CountLines(%q) = %d, want %d", block, CountLines(block), n)
			}
		}
	}
}

// feed returns a descriptor from which the pieces can be read: a pipe, or a file.
func feed(t testing.TB, regular bool, pieces ...string) int {
	if regular {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		f.WriteString(strings.Join(pieces, ""))
		f.Seek(0, io.SeekStart)
		return int(f.Fd())
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	go func() {
		for _, p := range pieces {
			w.WriteString(p)
		}
		w.Close()
	}()
	return int(r.Fd())
}

func TestBlocks(t *testing.T) {
	const limit = 300
	long := strings.Repeat("L", limit+1)
	full := strings.Repeat("F", limit)
	huge := strings.Repeat("H", 3*blockSize)
	for _, test := range []struct {
		name string
		in   string
		want []string
	}{
		{"empty", "", nil},
		{"one", "a\n", []string{"a\n"}},
		{"no newline at the end", "a\nb", []string{"a\n", "b"}},
		{"only a newline", "\n", []string{"\n"}},
		{"as long as allowed", full + "\n" + full, []string{full + "\n", full}},
		{"too long at the start", long + "\nb\n", []string{"LONG LLL", "b\n"}},
		{"too long in the middle", "a\n" + long + "\nb\n", []string{"a\n", "LONG LLL", "b\n"}},
		{"too long at the end", "a\n" + long, []string{"a\n", "LONG LLL"}},
		{"longer than a block", "a\n" + huge + "\nb\n", []string{"a\n", "LONG HHH", "b\n"}},
		{"longer than a block, at the end", huge, []string{"LONG HHH"}},
		{"two too long", long + "\n" + long + "\n", []string{"LONG LLL", "LONG LLL"}},
		{"NUL and CR stay", "a\x00\r\nb\n", []string{"a\x00\r\n", "b\n"}},
	} {
		for _, regular := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, regular %v", test.name, regular), func(t *testing.T) {
				b := NewBlocks(feed(t, regular, test.in), limit, nil)
				got := readAll(t, b)
				if strings.Join(got, "|") != strings.Join(test.want, "|") {
					t.Errorf("got %.200q, want %.200q", got, test.want)
				}
				if b.Offset() != uint64(len(test.in)) {
					t.Errorf("offset %d of %d", b.Offset(), len(test.in))
				}
			})
		}
	}
}

// TestBlocksAnySplit: however the writer cuts it, every line comes out once.
func TestBlocksAnySplit(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		const limit = 260
		lengths := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 50, 259, 260, 261, 262, 600}), 0, 12).Draw(r, "lengths")
		var text strings.Builder
		var want []string
		for i, n := range lengths {
			line := strings.Repeat(string(rune('a'+i)), n)
			text.WriteString(line + "\n")
			if n > limit {
				want = append(want, "LONG "+line[:3])
			} else {
				want = append(want, line+"\n")
			}
		}
		var pieces []string
		for rest := text.String(); rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(r, "cut")
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		got := readAll(r, NewBlocks(feed(t, false, pieces...), limit, nil))
		if strings.Join(got, "|") != strings.Join(want, "|") {
			r.Fatalf("got %q, want %q", got, want)
		}
	})
}

// TestBlocksFlushFirst: what was written is out before a read that may block.
func TestBlocksFlushFirst(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	flushed := 0
	b := NewBlocks(int(r.Fd()), 100, func() { flushed++ })
	w.WriteString("a\n")
	if _, err := b.Next(); err != nil || flushed != 1 {
		t.Fatalf("flushed %d times before the first read, %v", flushed, err)
	}
}

func TestBlocksReadError(t *testing.T) {
	dir, err := unix.Open(t.TempDir(), unix.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(dir)
	if _, err := NewBlocks(dir, 100, nil).Next(); err != unix.EISDIR {
		t.Errorf("reading a folder: %v", err)
	}
}

func TestOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out := NewOutput(int(w.Fd()))
	got := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(r)
		got <- b
	}()
	line := strings.Repeat("x", 999) + "\n"
	for range 1000 {
		out.Put(append(out.Buffer(), line...), 1)
	}
	if err := out.Flush(); err != nil || out.lines != 1000 {
		t.Fatalf("%d lines, %v", out.lines, err)
	}
	w.Close()
	if b := <-got; string(b) != strings.Repeat(line, 1000) {
		t.Errorf("%d bytes came through, want %d", len(b), 1000*1000)
	}
}

func TestOutputError(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full: ", err)
	}
	defer full.Close()
	out := NewOutput(int(full.Fd()))
	out.WriteString("x")
	if err := out.Flush(); err != unix.ENOSPC {
		t.Errorf("Flush: %v", err)
	}
	out.WriteString("y")
	if err := out.Flush(); err != unix.ENOSPC {
		t.Errorf("the error does not stick: %v", err)
	}
}

// TestBlocksGrow: of a file that grows, every line comes out once and whole.
func TestBlocksGrow(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		const limit = 260
		f, err := os.CreateTemp(dir, "")
		if err != nil {
			r.Fatal(err)
		}
		defer f.Close()
		in, err := os.Open(f.Name())
		if err != nil {
			r.Fatal(err)
		}
		defer in.Close()
		b := NewBlocks(int(in.Fd()), limit, nil)
		b.Grow(true)

		lengths := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 50, 259, 260, 261, 600, 3 * blockSize}), 0, 8).Draw(r, "lengths")
		var text strings.Builder
		var want, got []string
		for i, n := range lengths {
			line := strings.Repeat(string(rune('a'+i)), n)
			text.WriteString(line)
			end := ""
			if i < len(lengths)-1 || rapid.Bool().Draw(r, "newline at the end") {
				end = "\n"
			}
			text.WriteString(end)
			switch {
			case n > limit:
				want = append(want, "LONG "+line[:3])
			case line+end != "":
				want = append(want, line+end)
			}
		}
		for rest := text.String(); rest != ""; {
			n := rapid.OneOf(rapid.IntRange(1, len(rest)), rapid.Just(min(len(rest), 255)), rapid.Just(len(rest))).Draw(r, "cut")
			f.WriteString(rest[:n])
			rest = rest[n:]
			for _, line := range readAll(r, b) {
				if !strings.HasSuffix(line, "\n") && !strings.HasPrefix(line, "LONG ") {
					r.Fatalf("half a line: %.300q", line)
				}
				got = append(got, line)
			}
		}
		b.Grow(false)
		got = append(got, readAll(r, b)...)
		if strings.Join(got, "|") != strings.Join(want, "|") {
			r.Fatalf("got %.1000q, want %.1000q", got, want)
		}
		if b.Offset() != uint64(text.Len()) {
			r.Fatalf("offset %d of %d", b.Offset(), text.Len())
		}
	})
}
