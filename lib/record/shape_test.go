package record

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// afresh decodes a line with a Message that knows no shape.
func afresh(line []byte) (*Event, string) {
	var m Message
	return outcome(&m, line)
}

func outcome(m *Message, line []byte) (*Event, string) {
	err := m.Decode(line)
	if err != nil {
		return nil, err.Error()
	}
	ev := m.Event
	return &ev, m.Type.String()
}

// What was decoded before changes nothing: in a stream, and where a line differs
// from the one before in some bytes, each line gives the event or the error that
// it gives alone.
func TestShapesChangeNothing(t *testing.T) {
	files, err := filepath.Glob("../../testdata/streams/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var lines [][]byte
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bytes.Split(bytes.TrimSpace(body), []byte("\n"))...)
	}
	var m Message
	for _, line := range lines {
		compareWithAfresh(t, &m, line)
	}
	if len(m.shapes.list) == 0 {
		t.Error("no shape was met")
	}
	rapid.Check(t, func(t *rapid.T) {
		var m Message
		for range 3 {
			line := bytes.Clone(rapid.SampledFrom(lines).Draw(t, "line"))
			compareWithAfresh(t, &m, line)
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				at := rapid.IntRange(0, len(line)-1).Draw(t, "at")
				with := rapid.SampledFrom([]string{"", "0", "01", "7", `"`, `\`, ",", "}", "a", "\x00", "\x7f", "é", "\xff", `\u00e9`, `,"x":1`, `"dpt":1,`}).Draw(t, "with")
				line = []byte(string(line[:at]) + with + string(line[min(at+rapid.IntRange(0, 4).Draw(t, "less"), len(line)):]))
				if len(line) > 0 {
					compareWithAfresh(t, &m, line)
				}
			}
		}
	})
}

func compareWithAfresh(t interface{ Fatalf(string, ...any) }, m *Message, line []byte) {
	got, what := outcome(m, line)
	want, wanted := afresh(line)
	if what != wanted {
		t.Fatalf("%q: %s, alone %s", line, what, wanted)
	}
	if what != "event" {
		return
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%q: %s", line, d)
	}
}

// A shape takes the lines that are like it, and no others.
func TestShapeTakesWhatIsLikeIt(t *testing.T) {
	const first = `{"v":1,"type":"event","kind":"netfilter","trust":"log","file":"a","line":1,"count":1,"src":"192.0.2.1","dpt":22}`
	ev, _ := afresh([]byte(first))
	for _, c := range []struct {
		old, new string
		want     bool
	}{
		{"", "", true},
		{`"line":1`, `"line":234`, true},
		{`192.0.2.1`, `198.51.100.255`, true},
		{`192.0.2.1`, ``, true},
		{`"dpt":22`, `"dpt":0`, true},
		{`"line":1`, `"line":1234567890123456`, false},
		{`"line":1`, `"line":01`, false},
		{`"line":1`, `"line":`, false},
		{`"line":1`, `"line":-1`, false},
		{`"line":1`, `"line":"1"`, false},
		{`"dpt":22`, `"dpt":2.5`, false},
		{`"dpt":22`, `"dpt": 22`, false},
		{`192`, `19\u0032`, false},
		{`192`, `é`, false},
		{`192`, "\x7f", false},
		{`192`, "\x01", false},
		{`"log"`, `"none"`, false},
		{`22}`, `22,"dpt":22}`, false},
		{`22}`, `22,"x":22}`, false},
		{`22}`, `22} `, false},
		{`22}`, `22`, false},
		{`"count":1,`, ``, false},
	} {
		line := strings.Replace(first, c.old, c.new, 1)
		sh, ok := shapeOf(first, ev)
		if !ok {
			t.Fatal("it has no shape")
		}
		if ok := sh.match(line); ok != c.want {
			t.Errorf("%s: taken %v", line, ok)
		}
	}
	for _, c := range [][2]string{
		{`"192.0.2.1"`, `"é"`}, {`"a"`, `"\n"`}, {`:22`, `:22,"inner":{"src":"x"}`}, {`:22`, `:22,"unknown":"x"`}, {`:22`, `:-22`},
		{`"event"`, `"note"`}, {`"a"`, `"` + strings.Repeat("a", longestShaped) + `"`},
	} {
		if _, ok := shapeOf(strings.Replace(first, c[0], c[1], 1), ev); ok {
			t.Errorf("%.60s: has a shape", c[1])
		}
	}
}

// The strings of an event do not change when its line does.
func TestShapeSharesNoMemory(t *testing.T) {
	var m Message
	line := bytes.TrimSpace(AppendEvent(nil, &Event{Kind: Netfilter, Time: "2026-01-02T03:04:05Z", Count: 1}))
	for range 2 {
		if err := m.Decode(line); err != nil {
			t.Fatal(err)
		}
	}
	other := bytes.Replace(line, []byte("03:04"), []byte("03:05"), 1)
	if err := m.Decode(other); err != nil {
		t.Fatal(err)
	}
	kept := m.Event.Time
	clear(other)
	if err := m.Decode(line); err != nil || kept != "2026-01-02T03:05:05Z" || m.Event.Time != "2026-01-02T03:04:05Z" {
		t.Errorf("%q, %q, %v", kept, m.Event.Time, err)
	}
}

// Of more shapes than are remembered each line is still read as it is alone.
func TestManyShapes(t *testing.T) {
	var m Message
	for i := range 20 * maxShapes {
		e := &Event{Kind: Netfilter, Line: uint64(i), Count: 1}
		for f := range NumFields {
			if i>>(int(f)%7)&1 == 1 {
				e.Fields[f] = "7"
			}
		}
		compareWithAfresh(t, &m, bytes.TrimSpace(AppendEvent(nil, e)))
	}
	if len(m.shapes.list) != maxShapes {
		t.Errorf("%d shapes", len(m.shapes.list))
	}
}
