package aapolicy

import (
	"fmt"
	"testing"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
	"github.com/sl-suite/sl/lib/record"
)

// BenchmarkResult is from distinct denials to text for people, per denial.
func BenchmarkResult(b *testing.B) {
	policy := installed.New("/etc/apparmor.d", map[string]string{"app": "profile p {\n /etc/** r,\n /var/lib/other/** rw,\n}\n"})
	for name, options := range map[string]Options{"no policy": {}, "policy": {Policy: policy}} {
		b.Run(name, func(b *testing.B) {
			ev := event(b, file+"profile=p operation=open denied_mask=r name=/")
			n := 0
			for b.Loop() {
				p := New(options)
				for n = range 10000 {
					ev.Fields[record.FName] = fmt.Sprintf("/var/lib/app/data/%d/file-%d.db", n%100, n)
					if err := p.AddEvent(ev); err != nil {
						b.Fatal(err)
					}
				}
				textOf(allRules(p), allNotes(p))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n+1), "ns/denial")
		})
	}
}
