package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// TestLostSeparator: the byte before what auditd adds is lost where a line is copied
// from a terminal. The fields are the same, and nothing of the names is in them.
func TestLostSeparator(t *testing.T) {
	const head = "type=AVC msg=audit(1.000:2): "
	const hexTarget = `apparmor="DENIED" operation="exec" class="file" profile="p" name="/x" pid=1 comm="c" requested_mask="x" denied_mask="x" fsuid=0 ouid=7 target=2F61`
	bus := `type=USER_AVC msg=audit(1.000:2): pid=9 uid=102 auid=1 ses=1 subj=x msg='` + dbus + ` exe="/bin/d" sauid=102 hostname=? addr=? terminal=?'`
	separators := append([]string{"", "\x1d", " "}, lostSeparators[:]...)
	for _, separator := range separators {
		for _, body := range []string{aaBody, hexTarget, aaBody + ` target="t"`} {
			want := event(t, head+body)
			for _, names := range []string{`FSUID="root" OUID="a b"`, `FSUID="x" OUID="root" profile="q"`, `OUID="name=2F"`} {
				got := event(t, head+body+separator+names)
				if got.Fields != want.Fields {
					t.Errorf("%v, want %v: separator %q", said(&got.Fields), said(&want.Fields), separator)
				}
			}
		}
		want := event(t, bus)
		if got := event(t, bus+separator+`UID="messagebus" AUID="u" SAUID="messagebus"`); got.Fields != want.Fields {
			t.Errorf("%v, want %v: separator %q", said(&got.Fields), said(&want.Fields), separator)
		}
	}
	for _, line := range []string{head + aaBody + `XUID="root"`, head + aaBody + `fsuid="root"`, head + aaBody + `FSUID=root`} {
		var ev record.Event
		if _, err := New(Config{}).Parse([]byte(line), nil, &ev); err == nil {
			t.Errorf("taken: %s", line)
		}
	}
}

// TestDecodedNames: aa-log prints messages alone, with their names decoded. Only
// there may a value in quotes hold what the kernel would have encoded.
func TestDecodedNames(t *testing.T) {
	const body = `apparmor="DENIED" operation="open" class="file" profile="a b" name="/srv/é x"  comm="[pango] FcInit" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`
	ev := event(t, body+`FSUID="u" OUID="root"`)
	if f := ev.Fields; f[record.FProfile] != "a b" || f[record.FName] != "/srv/é x" || f[record.FComm] != "[pango] FcInit" || f[record.FOuid] != "0" {
		t.Errorf("%v", said(&ev.Fields))
	}
	for _, head := range []string{auditHead, "type=AVC msg=audit(1.000:2): ", "Nov 23 15:05:50 host kernel: " + auditHead, "[ 1.5] " + auditHead} {
		var ev record.Event
		if _, err := New(Config{}).Parse([]byte(head+body), nil, &ev); err == nil {
			t.Errorf("taken behind %s", head)
		}
	}
}

// TestAbstractNames: the kernel writes a name with a byte that it must encode in hex
// inside of the quotes; any other is as it stands there.
func TestAbstractNames(t *testing.T) {
	for logged, want := range map[string]string{
		`"@612062"`:       "@a b",
		`"@61E962"`:       "@a\xe9b",
		`"@2F746D7000"`:   "@/tmp\x00",
		`"@7061646E0000"`: "@padn\x00\x00",
		`"@6122"`:         `@a"`,
		`"@00"`:           "@\x00",
		`"@616263"`:       "@616263", // abc would not be encoded
		`"@61206"`:        "@61206",
		`"@6120zz"`:       "@6120zz",
		`"@61e962"`:       "@61e962", // lower case: the name that autobind chose
		`"@"`:             "@",
		`"@srv"`:          "@srv",
		`none`:            "none",
		`"/run/s"`:        "/run/s",
		`2F7220`:          "/r ",
		`"612062"`:        "612062", // no abstract name
	} {
		for _, key := range []string{"addr", "peer_addr"} {
			ev := event(t, auditHead+`apparmor="DENIED" operation="connect" class="net" profile="p" pid=1 comm="c" family="unix" sock_type="stream" protocol=0 requested_mask="send" denied_mask="send" `+key+"="+logged+` peer="q"`)
			f, _ := record.ParseField(key)
			if got := ev.Fields[f]; got != want {
				t.Errorf("%s=%s: %q, want %q", key, logged, got, want)
			}
		}
	}
}
