package kernlog

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

func TestLoss(t *testing.T) {
	tests := []struct {
		line string
		n    uint64
	}{
		{"Nov 23 15:05:50 host kernel: [ 1.5] audit: kauditd_printk_skb: 36 callbacks suppressed", 36},
		{"[    1.500000] kauditd_printk_skb: 1 callbacks suppressed", 1},
		{"Oct 29 09:20:01 host kernel: [87589.487390] __ratelimit: 36 callbacks suppressed", 36},
		{"audit_printk_skb: 4294967295 callbacks suppressed", 4294967295},
		{"4,1,2,-;audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64", 1},
		{"Nov 23 15:05:50 host kernel: audit: audit_backlog=65 > audit_backlog_limit=64", 1},
		{"Nov 23 15:05:50 host kernel: audit: backlog limit exceeded", 1},
		{"Nov 23 15:05:50 host kernel: audit: kauditd hold queue overflow", 1},
		{"Nov 23 15:05:50 host kernel: audit: kauditd retry queue overflow", 1},
		{"Nov 23 15:05:50 host systemd-journald[343]: Missed 1427 kernel messages", 1427},
		{"Nov 23 15:05:50 host systemd-journal[343]: Missed 3 kernel messages", 3},
		{"Nov 23 15:05:50 host rsyslogd-2177: imjournal: 236 messages lost due to rate-limiting", 236},
		{"Nov 23 15:05:50 host rsyslogd: imjournal: 236 messages lost due to rate-limiting (20000 allowed within 600 seconds)", 236},
		{"0 3 - 24/Sep/2026:10:00:00 +0200 skipped 12 log entries (queue full)", 12},
		// not ours
		{"Nov 23 15:05:50 host kernel: net_ratelimit: 36 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host kernel: my_skb: 36 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host kernel: kauditd_printk_skb: -1 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host kernel: kauditd_printk_skb: 0 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host kernel: kauditd_printk_skb: 99999999999 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host evil: kauditd_printk_skb: 36 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host kernel: " + strings.Repeat("x", 300) + "__ratelimit: 36 callbacks suppressed", 0},
		{"Nov 23 15:05:50 host evil: Missed 3 kernel messages", 0},
		{"Nov 23 15:05:50 host rsyslogd: imuxsock: 236 messages lost due to rate-limiting", 0},
		{"Nov 23 15:05:50 host kernel: TCP: backlog limit exceeded", 0},
		{"type=DAEMON_ERR msg=audit(1.000:2): backlog limit exceeded", 0},
	}
	for _, tt := range tests {
		ev := record.Event{Kind: "x"}
		res, err := New(Config{}).Parse([]byte(tt.line), nil, &ev)
		if err != nil || res.Lost != tt.n || (res.Kind == Loss) != (tt.n > 0) || ev != (record.Event{}) {
			t.Errorf("Parse = %+v, %v, want %d\n%s", res, err, tt.n, tt.line)
		}
		if tt.n > 0 && (res.Text == "" || !strings.HasSuffix(tt.line, res.Text)) {
			t.Errorf("text %q", res.Text)
		}
	}
}
