package netfilter

import (
	"errors"
	"testing"
)

var seeds = []string{
	`add rule inet filter sl-input iifname "eth0" ip saddr { 192.0.2.0/24, 198.51.100.7 } ip daddr 203.0.113.1 tcp dport { 22, 80-90 } accept`,
	`add rule inet filter sl-output meta nfproto ipv6 oifname "wan" meta l4proto 132 meta skuid 1000 reject`,
	`add rule inet filter sl-forward ip6 saddr ::ffff:1.2.3.4 icmpv6 type 128 icmpv6 code 0 drop`,
	`-4 -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT`,
	`-6 -A SL-OUTPUT -d 2001:db8::/32 -o wan -p udplite -m multiport --dports 1:2,5 -m owner --uid-owner 0 -j DROP`,
	`iptables -w -A SL-FORWARD -i a -o b -p icmp -m icmp --icmp-type 8/0 -j REJECT`,
	`add sl-input-ip 192.0.2.0/24`,
	`add sl-forward-ip6 2001:db8::1`,
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		accepted := 0
		for _, s := range Syntaxes() {
			r, err := Parse(s, text)
			if err != nil {
				if len(err.Error()) > 1000 {
					t.Errorf("%s: an error of %d bytes", s, len(err.Error()))
				}
				continue
			}
			accepted++
			if err := r.Check(); err != nil {
				t.Errorf("%s: %q: %v", s, text, err)
			}
			if again, err := r.Text(s); err != nil || again != text {
				t.Errorf("%s: %q became %q: %v", s, text, again, err)
			}
			Danger(r)
			Attrs(r)
		}
		if accepted > 1 {
			t.Errorf("%q is a rule of %d notations", text, accepted)
		}
	})
}

func FuzzParseFile(f *testing.F) {
	for _, s := range Syntaxes() {
		for _, seed := range seeds {
			before, after := Frame(s)
			f.Add(before + seed + "\n" + after)
		}
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, s := range Syntaxes() {
			rules, err := ParseFile(s, []byte(body))
			if err != nil {
				var at *LineError
				if !errors.As(err, &at) || at.Line < 1 {
					t.Errorf("%s: %v does not name a line", s, err)
				}
				continue
			}
			if body == "" {
				continue
			}
			if again, err := AppendFile(nil, s, rules); err != nil || string(again) != body {
				t.Errorf("%s: %q became %q: %v", s, body, again, err)
			}
		}
	})
}
