package propose

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/record"
)

// distinct adds denials that differ in everything that denials differ in.
func distinct(tb testing.TB, p *Proposer, n int) {
	ev := event(tb, file+"profile=p operation=open denied_mask=r comm=app name=/")
	ev.Host, ev.File, ev.Reason = "web1", "/var/log/kern.log", "any local user can write it"
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		ev.Fields[record.FName] = fmt.Sprintf("/var/lib/app/data/%d/file-%d.db", i%100, i)
		ev.Time = start.Add(time.Duration(i) * time.Second).Format("2006-01-02T15:04:05.000Z07:00")
		ev.Audit, ev.Line = fmt.Sprintf("%d.000:%d", start.Unix()+int64(i), i), uint64(i)
		if err := p.AddEvent(ev); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkResult is from distinct denials to text for people, per denial.
func BenchmarkResult(b *testing.B) {
	policy := policy.New("/etc/apparmor.d", map[string]string{"app": "profile p {\n /etc/** r,\n /var/lib/other/** rw,\n}\n"})
	for name, options := range map[string]Options{"no policy": {}, "policy": {Policy: policy}} {
		b.Run(name, func(b *testing.B) {
			const n = 10000
			for b.Loop() {
				p := New(options)
				distinct(b, p, n)
				for range Text(p.Rules(), p.Notes()) {
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/denial")
		})
	}
}

// A rule of one event needs few bytes: there may be very many of them.
func TestMemory(t *testing.T) {
	const n, most = 50_000, 420 // a name of 36 bytes among them
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	p := New(Options{})
	distinct(t, p, n)
	rules := len(p.finish().profiles[0].rules)
	after := live()
	if rules != n {
		t.Fatalf("%d rules", rules)
	}
	perRule := (after - before) / n
	t.Logf("%d bytes for each rule", perRule)
	if perRule > most {
		t.Errorf("%d bytes for each rule, want at most %d", perRule, most)
	}
	runtime.KeepAlive(p)
}
