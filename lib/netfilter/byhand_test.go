package netfilter

import "testing"

func TestEmptied(t *testing.T) {
	const table = "table inet filter {\n"
	tests := []struct {
		syntax Syntax
		text   string
		line   int // 0 for none
	}{
		{NFT, "", 0},
		{NFT, "add rule inet filter sl-input ip saddr 192.0.2.1 drop\n", 1},
		{NFT, "#\nadd inet filter sl-input drop\n", 2},
		{NFT, "add table inet filter; insert rule inet filter \\\n sl-forward drop", 2},
		{NFT, table + "chain sl-input {\n ip saddr 192.0.2.1 drop\n}\n}\n", 3},
		{NFT, table + "chain sl-input { type filter hook input priority -300; }\n}\n", 2},
		{NFT, "add table inet filter\nadd chain inet filter sl-output { type filter hook output priority 0; policy drop; }\n", 2},
		{NFT, table + "set sl-input-ip {\n type ipv4_addr\n flags interval, timeout\n elements = { 192.0.2.1 }\n}\n}\n", 5},
		{NFT, "add element inet filter sl-forward-ip6 { 2001:db8::1 }\n", 1},
		{NFT, "add element inet filter sl-input-ip { 192.0.2.1 timeout 60s }\n", 1},
		{NFT, table + "chain sl-input {\n}\nchain input {\n type filter hook input priority 0; policy drop;\n ct state established accept\n jump sl-input\n ip saddr @sl-input-ip counter\n}\n}\n", 0},
		{NFT, "add chain inet filter sl-input\nadd chain inet filter sl-output { }\nadd set inet filter sl-input-ip { type ipv4_addr; flags interval, timeout; }\n", 0},
		{NFT, "table ip nat {\nchain sl-input {\n accept\n}\n}\nadd rule ip filter sl-input drop\n", 0},
		{NFT, "# add rule inet filter sl-input drop\nadd rule inet filter input log prefix \"add rule inet filter sl-input \" jump sl-input\n", 0},
		{NFT, "add rule inet filter input jump sl-input\nadd rule inet filter input ip saddr { 192.0.2.1, 192.0.2.2 } goto sl-input\n", 0},
		{Restore, "*filter\n:SL-INPUT - [0:0]\n-A INPUT -j SL-INPUT\nCOMMIT\n", 0},
		{Restore, "*filter\n:SL-INPUT - [0:0]\n-A SL-INPUT -s 192.0.2.1 -j DROP\nCOMMIT\n", 3},
		{Restore, "*filter\n-4 -I SL-FORWARD -s 192.0.2.1 -j DROP\nCOMMIT\n", 2},
		{Restore, "*filter\n[1:2] --append=SL-OUTPUT -j DROP\nCOMMIT\n", 2},
		{Restore, "*nat\n-A SL-INPUT -j RETURN\nCOMMIT\n# -A SL-INPUT\n", 0},
	}
	for _, tt := range tests {
		line := 0
		if err := Emptied(tt.syntax, []byte(tt.text)); err != nil {
			line = err.Line
		}
		if line != tt.line {
			t.Errorf("%q: line %d, want %d", tt.text, line, tt.line)
		}
	}
}

// What stands in a file of ours is not taken for somebody's own: markers that were
// deleted leave it there, and then it is.
func TestEmptiedFindsOurOwnRules(t *testing.T) {
	for _, s := range []Syntax{NFT, Restore} {
		if err := Emptied(s, mustFile(t, s, nil)); err != nil && s == Restore {
			t.Errorf("%s: %v", s, err)
		}
		if err := Emptied(s, mustFile(t, s, []Rule{web})); err == nil {
			t.Errorf("%s: nothing found", s)
		}
	}
}

func FuzzEmptied(f *testing.F) {
	for _, s := range Syntaxes() {
		before, after := Frame(s)
		f.Add(before + after)
	}
	f.Add("table inet filter { chain sl-input { drop } }")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Syntaxes() {
			if err := Emptied(s, []byte(text)); err != nil && err.Line < 1 {
				t.Errorf("%s: %v", s, err)
			}
		}
	})
}
