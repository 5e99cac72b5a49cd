package main

import (
	"bytes"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
)

func generated(t *testing.T, c config) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := generate(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with returns the options' defaults, for fewer lines, changed by f.
func with(f func(*config)) config {
	c := config{lines: 5000, events: 10, form: "syslog", distinct: 1000, sources: documentation4, seed: 1}
	f(&c)
	return c
}

func TestSameOptionsSameBytes(t *testing.T) {
	for _, form := range []string{"syslog", "audit"} {
		c := with(func(c *config) { c.form = form })
		first := generated(t, c)
		if !bytes.Equal(first, generated(t, c)) {
			t.Errorf("%s: two runs differ", form)
		}
		c.seed = 2
		if bytes.Equal(first, generated(t, c)) {
			t.Errorf("%s: the seed changes nothing", form)
		}
	}
}

// The first line is part of the promise: figures of two releases can only be
// compared when the logs are the same.
func TestFirstLineNeverChanges(t *testing.T) {
	line, _, _ := strings.Cut(string(generated(t, with(func(c *config) { c.events = 100 }))), "\n")
	const want = "Nov 23 00:00:00 web1 kernel: [335841.048065] [UFW BLOCK] IN=eth0 OUT= MAC=00:00:5e:00:53:10:00:00:5e:00:53:fe:08:00 " +
		"SRC=198.51.100.236 DST=192.0.2.10 LEN=60 TOS=0x00 PREC=0x00 TTL=52 ID=640 DF PROTO=TCP SPT=40973 DPT=8080 WINDOW=64240 RES=0x00 SYN URGP=0 "
	if line != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
}

var (
	mediation = regexp.MustCompile(`audit\([0-9.]+:[0-9]+\): apparmor="DENIED" (.*)`)
	packet    = regexp.MustCompile(`\[UFW BLOCK\] (IN=.*)`)
	perEvent  = regexp.MustCompile(` (pid|ID|SPT|LEN|TTL|HOPLIMIT|FLOWLBL)=[0-9]+`)
)

func TestShareAndLength(t *testing.T) {
	for _, tc := range []struct {
		name      string
		c         config
		mediation float64 // share of the lines
		packet    float64
		length    float64 // mean, with the newline; 0: anything
	}{
		{"default", with(func(c *config) {}), .05, .05, 112},
		{"few", with(func(c *config) { c.events = 2 }), .01, .01, 99},
		{"all", with(func(c *config) { c.events = 100 }), .5, .5, 260},
		{"none", with(func(c *config) { c.events = 0 }), 0, 0, 95},
		{"apparmor", with(func(c *config) { c.kind = "apparmor" }), .1, 0, 0},
		{"netfilter", with(func(c *config) { c.kind = "netfilter" }), 0, .1, 0},
		{"audit", with(func(c *config) { c.form = "audit" }), .1, 0, 0},
	} {
		log := generated(t, tc.c)
		lines := float64(bytes.Count(log, []byte("\n")))
		if int(lines) != tc.c.lines {
			t.Errorf("%s: %v lines, want %d", tc.name, lines, tc.c.lines)
		}
		for _, m := range []struct {
			word *regexp.Regexp
			want float64
		}{{mediation, tc.mediation}, {packet, tc.packet}} {
			got := float64(len(m.word.FindAll(log, -1))) / lines
			if math.Abs(got-m.want) > .01 || (m.want == 0 && got > 0) {
				t.Errorf("%s: a share of %.3f matches %v, want %.3f", tc.name, got, m.word, m.want)
			}
		}
		if mean := float64(len(log)) / lines; tc.length > 0 && math.Abs(mean-tc.length) > 2 {
			t.Errorf("%s: mean length %.1f, want %v", tc.name, mean, tc.length)
		}
	}
}

func TestDistinct(t *testing.T) {
	for _, n := range []int{1, 7, 1000, 1_000_000} {
		log := generated(t, with(func(c *config) { c.lines, c.events, c.distinct = 2000, 100, n }))
		seen := map[string]bool{}
		for _, word := range []*regexp.Regexp{mediation, packet} {
			different := map[string]bool{}
			for _, m := range word.FindAllSubmatch(log, -1) {
				d := perEvent.ReplaceAllString(string(m[1]), "")
				different[d], seen[d] = true, true
			}
			if len(different) > n {
				t.Errorf("-distinct %d: %d different", n, len(different))
			}
		}
		if len(seen) < min(n, 2000)*7/10 {
			t.Errorf("-distinct %d: only %d different", n, len(seen))
		}
	}
}

func TestSources(t *testing.T) {
	source := regexp.MustCompile(` SRC=([0-9.]+) `)
	for _, n := range []int{1, documentation4, 3000} {
		log := generated(t, with(func(c *config) {
			c.lines, c.events, c.kind, c.distinct, c.sources = 20_000, 100, "netfilter", 5000, n
		}))
		seen := map[string]bool{}
		for _, m := range source.FindAllSubmatch(log, -1) {
			seen[string(m[1])] = true
		}
		if len(seen) > n || len(seen) < n*9/10 {
			t.Errorf("-sources %d: %d addresses", n, len(seen))
		}
	}
}

func TestRefusedOptions(t *testing.T) {
	for want, f := range map[string]func(*config){
		"-lines":     func(c *config) { c.lines = -1 },
		"-events":    func(c *config) { c.events = math.NaN() },
		"-distinct":  func(c *config) { c.distinct = 0 },
		"-sources":   func(c *config) { c.sources = addrs4 + 1 },
		"-form":      func(c *config) { c.form = "journal" },
		"-kind":      func(c *config) { c.kind = "selinux" },
		"audit.log":  func(c *config) { c.form, c.kind = "audit", "mixed" },
		"-events 10": func(c *config) { c.events = 100.5 },
	} {
		if err := generate(io.Discard, with(f)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}

func TestPadding(t *testing.T) {
	for _, tc := range []struct {
		n, width int
		pad      byte
		want     string
	}{{0, 5, ' ', "    0"}, {42, 6, '0', "000042"}, {123456, 5, ' ', "123456"}} {
		if got := string(appendPadded(nil, tc.n, tc.width, tc.pad)); got != tc.want {
			t.Errorf("%d in %d: %q, want %q", tc.n, tc.width, got, tc.want)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	c := with(func(c *config) { c.lines = b.N })
	b.ReportAllocs()
	if err := generate(io.Discard, c); err != nil {
		b.Fatal(err)
	}
}
