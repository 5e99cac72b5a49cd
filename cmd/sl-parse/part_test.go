package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// sampleLogs are the logs of testdata, one behind the other, twice: what was met
// is met again.
func sampleLogs(t testing.TB) []byte {
	t.Helper()
	var text []byte
	for _, name := range []string{"debian-kern.log", "audit.log", "ubuntu-syslog", "hostile.log", "debian-kern.log", "audit.log", "fedora-messages.log"} {
		log, err := os.ReadFile("../../testdata/logs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(bytes.TrimSuffix(append(text, log...), newline), '\n')
	}
	return text
}

// minPart makes parts of little text.
const minPart = 1000

// classify is the outcome as one text.
func classify(t *testing.T, f flags, parts int, take func(*classifier)) string {
	t.Helper()
	f.MaxUnique = 50
	out, e := outcome(t, f, parts, minPart, take)
	return fmt.Sprintf("%s%d %d %d %d", out, e.In, e.Skipped, e.Errors, e.Lost)
}

// TestParts: into how many parts a block is cut, and whether it is raw text or
// records, makes no difference to what is written.
func TestParts(t *testing.T) {
	raw := sampleLogs(t)
	framed := source.Frame(nil, "-", 1, raw)
	for _, f := range []flags{{}, {Unique: true}, {Only: record.Netfilter}, {Only: record.AppArmor, Unique: true}} {
		want := classify(t, f, 1, func(c *classifier) { c.raw(raw, 1) })
		for parts := 1; parts <= maxParts; parts++ {
			if got := classify(t, f, parts, func(c *classifier) { c.raw(raw, 1) }); got != want {
				t.Errorf("%+v: raw text in %d parts is something else", f, parts)
			}
			got := classify(t, f, parts, func(c *classifier) {
				if size, lines := c.records(framed, 1); size != len(framed) || lines != stage.CountLines(raw) {
					t.Errorf("%d bytes of %d were taken, %d lines", size, len(framed), lines)
				}
			})
			if got != want {
				t.Errorf("%+v: records in %d parts are something else", f, parts)
			}
		}
	}
}

// TestBlocks: nothing is kept of a block that is written over by the next one.
func TestBlocks(t *testing.T) {
	raw := sampleLogs(t)
	framed := source.Frame(nil, "-", 1, raw)
	buf := make([]byte, 32<<10)
	for _, f := range []flags{{}, {Unique: true}, {Stats: true}} {
		want := classify(t, f, 1, func(c *classifier) { c.raw(raw, 1) })
		for _, text := range [][]byte{raw, framed} {
			got := classify(t, f, 2, func(c *classifier) {
				for number := uint64(1); len(text) > 0; {
					n := bytes.LastIndexByte(text[:min(len(text), len(buf))], '\n') + 1
					for i := range buf {
						buf[i] = '#'
					}
					block := buf[:copy(buf, text[:n])]
					if f.Raw = !record.IsRecord(block); f.Raw {
						c.raw(block, number)
					} else {
						c.records(block, number)
					}
					number += stage.CountLines(block)
					text = text[n:]
				}
				for i := range buf {
					buf[i] = '#'
				}
			})
			if got != want {
				t.Errorf("%+v: in blocks it is something else", f)
			}
		}
	}
}

// TestPartEdges: no line is cut and none is read twice, however few there are.
func TestPartEdges(t *testing.T) {
	const event = "Nov 22 08:00:01 h kernel: IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=5 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 "
	long := bytes.Repeat([]byte("x"), 4*minPart)
	for name, text := range map[string]string{
		"one line without its newline":      event,
		"one line":                          event + "\n",
		"a long line first":                 string(long) + "\n" + event,
		"a long line last":                  event + "\n" + string(long),
		"a long line between, with newline": event + "\n" + string(long) + "\n" + event + "\n",
		"empty lines":                       string(bytes.Repeat(newline, 3*minPart)) + event,
	} {
		want := classify(t, flags{}, 1, func(c *classifier) { c.raw([]byte(text), 1) })
		for parts := 2; parts <= maxParts; parts++ {
			if got := classify(t, flags{}, parts, func(c *classifier) { c.raw([]byte(text), 1) }); got != want {
				t.Errorf("%s: %d parts:\n%.300s\nwant\n%.300s", name, parts, got, want)
			}
		}
	}
}

// TestWindow: the page says how many audit records are remembered.
func TestWindow(t *testing.T) {
	const remembered = 16384
	var log []byte
	for n := range remembered {
		log = fmt.Appendf(log, "type=AVC msg=audit(1795447838.853:%d): apparmor=\"STATUS\" operation=\"profile_load\" name=\"p\" pid=1 comm=\"c\"\n", n)
	}
	first, _, _ := bytes.Cut(log, newline)
	other := bytes.Replace(first, []byte(".853:0)"), []byte(".854:0)"), 1)
	for _, tt := range []struct {
		name    string
		text    [][]byte
		skipped string
	}{
		{"the oldest that is remembered", [][]byte{log, first}, "16385 1 0 0"},
		{"one more", [][]byte{log, other, newline, first}, "16386 0 0 0"},
	} {
		got := classify(t, flags{Only: record.AppArmor}, 2, func(c *classifier) { c.read(bytes.Join(tt.text, nil), 1, (*part).raw) })
		if !strings.HasSuffix(got, "\n"+tt.skipped) {
			t.Errorf("%s: %s, want %s", tt.name, got[bytes.LastIndexByte([]byte(got), '\n')+1:], tt.skipped)
		}
	}
}

// TestBrokenRecord: a record that is not well formed is no line of a log, and its
// number is that of the stream.
func TestBrokenRecord(t *testing.T) {
	good := string(source.Frame(nil, "-", 1, []byte("nothing\n")))
	broken := `{"v":1,"type":"record","src":"-","line":2,"text":"apparmor="` + "\n"
	got := classify(t, flags{}, 2, func(c *classifier) {
		if size, lines := c.records([]byte(good+broken+good+`{"v":1,"type":"note"`), 7); size != len(good+broken+good) || lines != 3 {
			t.Errorf("%d bytes, %d lines", size, lines)
		}
	})
	if want := `{"v":1,"type":"error","file":"standard input","line":8,"error":"byte 60: \",\" expected"}` + "\n2 2 1 0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
