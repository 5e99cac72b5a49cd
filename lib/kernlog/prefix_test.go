package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

func TestPrefixes(t *testing.T) {
	tests := []struct{ prefix, verdict, chain, zone string }{
		{"[UFW BLOCK] ", "drop", "", ""},
		{"[UFW ALLOW] ", "accept", "", ""},
		{"[UFW LIMIT BLOCK] ", "reject", "", ""},
		{"[UFW AUDIT] ", "none", "", ""},
		{"[UFW AUDIT INVALID] ", "none", "", ""},
		{"FINAL_REJECT: ", "reject", "", ""},
		{`"FINAL_REJECT: "`, "reject", "", ""},
		{"STATE_INVALID_DROP: ", "drop", "", ""},
		{"filter_IN_public_REJECT: ", "reject", "INPUT", "public"},
		{"filter_FWD_my_zone_DROP: ", "drop", "FORWARD", "my_zone"},
		{"filter_FWDI_public_REJECT: ", "reject", "FORWARD", "public"},
		{"filter_OUT_public_ACCEPT: ", "accept", "OUTPUT", "public"},
		{"IN_public_DROP: ", "drop", "INPUT", "public"},
		{"Shorewall:net-fw:DROP:", "drop", "", "net-fw"},
		{"Shorewall:INPUT:REJECT:", "reject", "INPUT", ""},
		{"Shorewall:internet-dmz:REJEC", "unknown", "", ""}, // cut to 29 bytes
		{"DROP(src wan)", "drop", "", "wan"},
		{"REJECT(dest lan)", "reject", "", "lan"},
		{"reject wan in: ", "reject", "", "wan"},
		{"drop wan out: ", "drop", "", "wan"},
		{"drop wan invalid ct state: ", "drop", "", "wan"},
		{"Firewall: *TCP_IN Blocked* ", "drop", "INPUT", ""},
		{"Firewall: *UDP6OUT Blocked* ", "drop", "OUTPUT", ""},
		{"SFW2-INext-DROP-DEFLT ", "drop", "INPUT", "ext"},
		{"SFW2-FWDint-ACC-RELATED ", "accept", "FORWARD", "int"},
		{"[WAN_LOCAL-default-D]", "drop", "", "WAN_LOCAL"},
		{"[WAN_IN-20-R]", "reject", "", "WAN_IN"},
		{`[LAN_IN-A-2147483647] DESCR="[LAN_IN]all" `, "accept", "", "LAN_IN"},
		{"DROP UNMATCHED IN-unknown:", "drop", "INPUT", "unknown"},
		{"'DROP UNMATCHED OUT-wan:'", "drop", "OUTPUT", "wan"},
		{"IPTABLESINPUT: ", "unknown", "INPUT", ""},
		{"IPTABLESOUTPUT: ", "unknown", "OUTPUT", ""},
		{"policy DROP: ", "drop", "", ""},
		{"PVEFW-reject: ", "reject", "", ""},
		{"DROP ", "drop", "", ""},
		{"[REJECT] ", "reject", "", ""},
		{"ACCEPT: ", "accept", "", ""},
		{"", "unknown", "", ""},
		{" ", "unknown", "", ""},
		{"%", "unknown", "", ""},
		{"FWL input DROP: ", "unknown", "", ""},
		{"x[UFW BLOCK] ", "unknown", "", ""},
		{"[UFW BLOCK] [UFW ALLOW] ", "unknown", "", ""},
	}
	p := New(Config{})
	for _, tt := range tests {
		var f record.Fields
		p.readPrefix(tt.prefix, &f)
		if f[record.FVerdict] != tt.verdict || f[record.FChain] != tt.chain || f[record.FZone] != tt.zone || f[record.FPrefix] != tt.prefix {
			t.Errorf("%q: verdict %q chain %q zone %q", tt.prefix, f[record.FVerdict], f[record.FChain], f[record.FZone])
		}
	}
	for prefix, want := range map[string]bool{
		"[UFW BLOCK] ": true, "Firewall: *TCP_IN Blocked* ": true, "FINAL_REJECT: ": false, "": false, "mine": false,
	} {
		var f record.Fields
		if limited, _ := p.readPrefix(prefix, &f); (limited != "") != want {
			t.Errorf("%q: limited %q", prefix, limited)
		}
	}
}

func TestUserPrefixes(t *testing.T) {
	var list []Prefix
	for _, s := range []string{"a=none", "a=b: =drop:mine", "[UFW BLOCK]=accept:FORWARD", `"q"=reject`, "=drop"} {
		x, err := ParsePrefix(s)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, x)
	}
	p := New(Config{Prefixes: list})
	for prefix, want := range map[string][2]string{
		"a=b: ":        {"drop", "mine"}, // the longest
		"a=c":          {"none", ""},
		" a ":          {"none", ""},
		"[UFW BLOCK] ": {"accept", "FORWARD"}, // before the built-in ones
		"[UFW ALLOW] ": {"accept", ""},
		"'q: '":        {"reject", ""},
		"ba":           {"unknown", ""},
		"":             {"drop", ""},
		" ":            {"drop", ""},
	} {
		var f record.Fields
		p.readPrefix(prefix, &f)
		if got := [2]string{f[record.FVerdict], f[record.FChain]}; got != want {
			t.Errorf("%q: %q, want %q", prefix, got, want)
		}
	}
	for _, s := range []string{"", "x", "x=", "x=dropped", "x=DROP", "x=drop:", "x=drop:a b", "x=drop:-j", "x=drop:a:b"} {
		if x, err := ParsePrefix(s); err == nil {
			t.Errorf("ParsePrefix(%q) = %+v", s, x)
		}
	}
}

// TestChain: without a prefix that says it, the interfaces do.
func TestChain(t *testing.T) {
	const rest = "SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=47 "
	for line, want := range map[string]string{
		"IN=eth0 OUT= " + rest:                      "INPUT",
		"IN= OUT=eth0 " + rest:                      "OUTPUT",
		"IN=eth0 OUT=eth1 " + rest:                  "FORWARD",
		"IN=br0 OUT=br0 PHYSIN=a PHYSOUT=b " + rest: "FORWARD",
		"IN= OUT= " + rest:                          "",
		"IPTABLESOUTPUT: IN=eth0 OUT= " + rest:      "OUTPUT",
	} {
		ev := event(t, "Nov 23 15:05:50 host kernel: "+line)
		if got := ev.Fields[record.FChain]; got != want {
			t.Errorf("chain %q, want %q: %s", got, want, line)
		}
	}
}
