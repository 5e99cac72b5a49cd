package main

import (
	"strings"
	"testing"
	"time"
)

// An option that the mode would pass over is refused, and the message names it.
func TestOptionsOfTheOtherMode(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*flags)
		want   string // in the message; "" for none
	}{
		{"nothing", func(*flags) {}, "neither --allow nor --block"},
		{"report", func(f *flags) { f.Sandbox = "report" }, ""}, // of the layers, which are the same
		{"allow", func(f *flags) { f.Allow = true }, ""},
		{"block", func(f *flags) {
			f.Block, f.MinPorts, f.Never, f.Expire, f.Spoofable = true, 5, []string{"10.0.0.0/8"}, time.Hour, true
		}, ""},
		{"net", func(f *flags) { f.Sources, f.Widen = "net", []int{22, 56} }, ""},
		{"both", func(f *flags) { f.Allow, f.Block = true, true }, "--allow and --block"},
		{"hits", func(f *flags) { f.MinHits = 3 }, "--min-hits is for --block"},
		{"ports", func(f *flags) { f.MinPorts = 3 }, "--min-ports is for --block"},
		{"hosts", func(f *flags) { f.MinHosts = 3 }, "--min-hosts is for --block"},
		{"within", func(f *flags) { f.Within = time.Hour }, "--within is for --block"},
		{"expire", func(f *flags) { f.Expire = time.Hour }, "--expire is for --block"},
		{"never", func(f *flags) { f.Never = []string{"10.0.0.0/8"} }, "--never is for --block"},
		{"spoofable", func(f *flags) { f.Spoofable = true }, "--spoofable is for --block"},
		{"sources", func(f *flags) { f.Block, f.Sources = true, "any" }, "--sources is not for --block"},
		{"networks to block", func(f *flags) { f.Block, f.Widen = true, []int{16} }, "--widen is not for --block"},
		{"wider than exact", func(f *flags) { f.Widen = []int{16} }, "--widen is for --sources=net"},
		{"wider than any", func(f *flags) { f.Sources, f.Widen = "any", []int{16} }, "--widen is for --sources=net"},
		{"everybody", func(f *flags) { f.Sources, f.Widen = "net", []int{24, 0} }, "--sources=any"},
		{"too many", func(f *flags) { f.Sources, f.Widen = "net", []int{24, 64, 8} }, "one number for IPv4"},
		{"a set to allow", func(f *flags) { f.Syntax = "ipset" }, "ipset is only for blocking"},
		{"no time in chains", func(f *flags) { f.Block, f.Expire, f.Syntax = true, time.Hour, "iptables" }, "iptables has no rules that expire: nft and ipset have"},
	} {
		f := flags{Syntax: "nft", Sources: "exact"}
		test.change(&f)
		f.Allow = f.Allow || !f.Block && test.name != "nothing"
		err := f.Validate()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}
