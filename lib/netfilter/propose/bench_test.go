package propose

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// BenchmarkMillion takes a million events from a hundred thousand sources to ten
// ports. The event is made anew each time, as a decoder would.
func BenchmarkMillion(b *testing.B) {
	const events, sources = 1_000_000, 100_000
	for _, opts := range []Options{{}, {Sources: Net}, {Syntax: netfilter.Restore}, {Mode: Block}} {
		b.Run(fmt.Sprintf("%s-%s-%s", opts.Mode, opts.Sources, opts.Syntax), func(b *testing.B) {
			ev := event(b, in4+tcp)
			for b.Loop() {
				p := newProposer(b, opts)
				for i := range events {
					n := i * 7919 % sources
					ev.Line = uint64(i)
					ev.Time = fmt.Sprintf("2026-01-02T03:%02d:%02dZ", i/60/1000%60, i/1000%60)
					ev.Fields[record.FSrc] = fmt.Sprintf("198.%d.%d.%d", n>>16, n>>8&255, n&255)
					ev.Fields[record.FDpt] = fmt.Sprint(20 + i%10)
					if err := p.AddEvent(ev); err != nil {
						b.Fatal(err)
					}
				}
				rules, err := p.Rules()
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB-live")
				b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-sys")
				b.ReportMetric(float64(len(rules)), "rules")
				runtime.KeepAlive(p)
				b.StartTimer()
			}
		})
	}
}
