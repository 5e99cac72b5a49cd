package stage

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type handed struct {
	Common
	Files  []string `arg:""`
	Backup Optional
	Within time.Duration
	Widen  []int
	Nets   []netip.Prefix    `kong:"-"`
	Text   map[string]string `kong:"-"`
	Raw    []byte            `kong:"-"`
}

// TestHandover: what the first start knows is what the second gets, byte for byte.
func TestHandover(t *testing.T) {
	want := handed{
		Common: Common{Quiet: true, Sandbox: "require-all"},
		Files:  []string{"-", "a\xff\n\u202e", ""},
		Backup: Optional{Set: true, Value: ".old"},
		Within: time.Minute, Widen: []int{24, 64},
		Nets: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
		Text: map[string]string{"abstractions/base": "\x00\xfe", "abstractions/": ""},
		Raw:  []byte{0, 1, 0xff},
	}
	b, err := pack(300, &want)
	if err != nil {
		t.Fatal(err)
	}
	var got handed
	used, err := unpack(b, &got)
	if err != nil || used != 300 {
		t.Fatalf("%d, %v", used, err)
	}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); d != "" {
		t.Error(d)
	}
	for n := range b {
		if _, err := unpack(b[:n], new(handed)); err == nil {
			t.Errorf("the first %d bytes were taken for all", n)
		}
	}
}
