package kernlog

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

// The logs of testdata have their answers beside them.

const logs = "../../testdata/logs/"

// rows returns the cells of a table, without its head.
func rows(t *testing.T, name string) (all [][]string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(string(sample(t, logs+name)), "\n"), "\n")[1:] {
		all = append(all, strings.Split(line, "\t"))
	}
	return all
}

func TestCounts(t *testing.T) {
	want, got := map[string]string{}, map[string]string{}
	counts := map[string]int{}
	files := map[string]bool{}
	for _, row := range rows(t, "counts.tsv") {
		want[strings.Join(row[:3], " ")] = row[3]
		files[row[0]] = true
	}
	if len(files) < 6 {
		t.Fatalf("%d logs", len(files))
	}
	// The answers are from before plain words ("nft-in drop: ") said a verdict.
	for key, n := range map[string]string{"drop": "21", "reject": "2"} {
		want["debian-kern.log netfilter "+key] = n
	}
	delete(want, "debian-kern.log netfilter unknown")
	p := New(Config{})
	var ev record.Event
	for file := range files {
		number := 0
		for line := range bytes.Lines(sample(t, logs+file)) {
			number++
			res, err := p.Parse(bytes.TrimSuffix(line, []byte("\n")), nil, &ev)
			if err != nil {
				t.Errorf("%s:%d: %v", file, number, err)
			}
			if res.Kind == Event {
				counts[file+" "+ev.Kind+" "+ev.Fields[record.FVerdict]]++
			}
		}
	}
	for key, n := range counts {
		got[key] = strconv.Itoa(n)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

var answerField = regexp.MustCompile(`([a-z_]+)=("(?:[^"\\]|\\.)*")`)

// TestHostile reads each attack as if it stood in a log that only root writes.
func TestHostile(t *testing.T) {
	attacks := bytes.Split(sample(t, logs+"hostile.log"), []byte("\n"))
	p := New(Config{})
	src := &record.Source{Kind: "file", Path: "/var/log/hostile.log", Mode: "0640"}
	named := map[int]bool{}
	for _, row := range rows(t, "hostile.tsv") {
		number, err := strconv.Atoi(row[0])
		if err != nil || len(row) != 5 {
			t.Fatalf("%q", row)
		}
		named[number] = true
		var ev record.Event
		res, err := p.Parse(attacks[number-1], src, &ev)
		if err != nil && (res != Result{} || ev != record.Event{}) {
			t.Errorf("line %d: half an event", number)
		}
		if what := wrongAnswer(row, res, &ev); what != "" {
			t.Errorf("line %d (%s): %s, but %s\n%v, %v", number, row[4], row[1], what, said(&ev.Fields), err)
		}
	}
	for i, line := range attacks { // what is not named is ordinary
		var ev record.Event
		if _, err := p.Parse(line, src, &ev); err != nil && !named[i+1] {
			t.Errorf("line %d: %v", i+1, err)
		}
	}
}

// wrongAnswer says what an attack became that it must not, "" where all is well.
func wrongAnswer(row []string, res Result, ev *record.Event) string {
	isEvent := res.Kind == Event
	switch row[1] {
	case "none":
		if isEvent {
			return "it is an event"
		}
	case "untrusted":
		if isEvent && ev.Trust != record.TrustNone {
			return "it has trust " + ev.Trust.String()
		}
	case "loss":
		if res.Kind != Loss || res.Lost == 0 {
			return "it is no loss"
		}
	case "event":
		if !isEvent || ev.Kind != row[2] {
			return "it is none of that kind"
		}
		for _, m := range answerField.FindAllStringSubmatch(row[3], -1) {
			f, ok := record.ParseField(m[1])
			want, err := strconv.Unquote(m[2])
			if !ok || err != nil {
				return "there is no answer: " + m[0]
			}
			if got := ev.Fields[f]; got != want {
				return fmt.Sprintf("%s is %q", m[1], got)
			}
		}
	case "any":
	default:
		return "nobody knows what that is"
	}
	return ""
}
