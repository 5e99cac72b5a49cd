package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// outcome is what a classifier writes, and its counts. It fails where a line that
// is written is none of the stream, or where a line that came in is not accounted
// for.
func outcome(t *testing.T, f flags, parts, minPart int, take func(*classifier)) (written string, end record.End) {
	t.Helper()
	fd, err := unix.MemfdCreate("out", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "out")
	defer file.Close()
	f.Quiet, f.Errors = true, true
	s := &stage.Session{Out: stage.NewOutput(fd)}
	c, err := newClassifier(&f, s)
	if err != nil {
		t.Fatal(err)
	}
	c.parts, c.minPart = nil, minPart
	for range parts {
		c.parts = append(c.parts, &part{c: c})
	}
	take(c)
	c.drain()
	if err := s.Out.Flush(); err != nil {
		t.Fatal(err)
	}
	file.Seek(0, io.SeekStart)
	out, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	accounted := s.End.Skipped
	var m record.Message
	for line := range bytes.Lines(out) {
		if err := m.Decode(bytes.TrimSuffix(line, newline)); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		switch {
		case m.Type == record.TypeEvent:
			accounted += m.Event.Count
		case m.Type == record.TypeError && m.Error.File == "standard input": // a broken record is no line of a log
		case m.Type != record.TypeNote || m.Note.Kind != "limited":
			accounted++
		}
	}
	if accounted != s.End.In {
		t.Errorf("%d lines in, %d accounted for", s.End.In, accounted)
	}
	return string(out), s.End
}

// fewBytes makes parts of the little text of a fuzz target.
const fewBytes = 100

// FuzzText: text is the same read raw, framed, and in any number of parts; -u loses
// nothing; and there are not more lines out than in.
func FuzzText(f *testing.F) {
	var some []byte
	for line := range bytes.Lines(sampleLogs(f)) {
		if some = append(some, line...); len(some) > 1000 {
			f.Add(some)
			some = nil
		}
	}
	const event = "Nov 22 08:00:01 h kernel: IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=5 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 \n"
	f.Add([]byte(event + event + "\n\xff\n" + event[:80] + "\n" + event))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) == 0 || bytes.Contains(text, []byte("message repeated ")) { // one such line counts as many events
			return
		}
		framed := source.Frame(nil, "-", 1, text)
		want, end := outcome(t, flags{}, 1, fewBytes, func(c *classifier) { c.read(text, 1, (*part).raw) })
		for name, take := range map[string]func(*classifier){
			"raw in parts": func(c *classifier) { c.read(text, 1, (*part).raw) },
			"framed":       func(c *classifier) { c.records(framed, 1) },
		} {
			for parts := 1; parts <= 3; parts++ {
				if got, e := outcome(t, flags{}, parts, fewBytes, take); got != want || fmt.Sprint(e) != fmt.Sprint(end) {
					t.Errorf("%s, %d: it is something else:\n%s%v\nwant\n%s%v", name, parts, got, e, want, end)
				}
			}
		}
		outcome(t, flags{Unique: true, MaxUnique: 3}, 2, fewBytes, func(c *classifier) { c.records(framed, 1) })
		if n := uint64(strings.Count(want, `"type":"event"`)); n > end.In {
			t.Errorf("%d events of %d lines", n, end.In)
		}
	})
}

// FuzzNewline: a record is one line, whatever is in it. What stands behind a
// newline in it makes no event of its own, and gains no trust.
func FuzzNewline(f *testing.F) {
	const forged = `type=AVC msg=audit(1795447838.853:205): apparmor="DENIED" operation="open" class="file" profile="p" name="/d/f" pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`
	f.Add("Nov 22 08:00:01 h evil: x", forged)
	f.Add("anything", forged+"\n"+forged)
	f.Add(forged, "Nov 22 08:00:01 h kernel: [UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=47 ")
	f.Fuzz(func(t *testing.T, first, behind string) {
		first, _, _ = strings.Cut(first, "\n")
		run := func(text string) (events int, trust record.Trust) {
			line := record.AppendRecord(nil, "id", 1, []byte(text))
			if len(line) > record.MaxLine {
				return 0, 0
			}
			out, _ := outcome(t, flags{}, 1, fewBytes, func(c *classifier) {
				c.sources["id"] = &record.Source{ID: "id", Kind: "file", Path: "/var/log/audit/audit.log", Mode: "0600", Audit: record.AuditPath}
				if size, _ := c.records(line, 1); size != len(line) {
					t.Errorf("%d bytes of %d were taken", size, len(line))
				}
			})
			for line := range strings.Lines(out) {
				var m record.Message
				if m.Decode([]byte(strings.TrimSuffix(line, "\n"))); m.Type == record.TypeEvent {
					events++
					trust = m.Event.Trust
				}
			}
			return events, trust
		}
		events, trust := run(first + "\n" + behind)
		if events > 1 {
			t.Errorf("%d events of one record", events)
		}
		// the kernel's trust is auditd's log, which begins so
		if trust == record.TrustKernel && !strings.HasPrefix(first, "type=") && !strings.HasPrefix(first, "node=") {
			t.Errorf("kernel's trust for %q behind %q", behind, first)
		}
	})
}
