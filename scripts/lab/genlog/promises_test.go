package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The logs of testdata and the logs that are made here keep the same promises:
// what they say is what a kernel could have said, about addresses that are
// nobody's.

const logs = "../../../testdata/logs"

// ordinary are the logs of testdata in which every line could be true.
var ordinary = []string{"debian-kern.log", "ubuntu-syslog", "fedora-messages.log", "audit.log", "iptables-classic.log", "collector.log"}

func linesOf(t *testing.T, name string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(logs, name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
}

func TestLogsCouldBeTrue(t *testing.T) {
	for _, name := range ordinary {
		lines := linesOf(t, name)
		if n := len(lines); n < 60 || n > 300 {
			t.Errorf("%s: %d lines, want 60 to 300", name, n)
		}
		report(t, name, lines)
	}
	for _, form := range []string{"syslog", "audit"} {
		log := generated(t, with(func(c *config) { c.form, c.lines, c.events = form, 2000, 50 }))
		report(t, form, bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n")))
	}
}

func report(t *testing.T, name string, lines [][]byte) {
	t.Helper()
	var order auditOrder
	boots := bootTimes{}
	for i, line := range lines {
		for _, check := range []func([]byte) error{onlyNobodysAddresses, encodedAsKernelsDo, lengthsAgree, order.next, boots.next} {
			if err := check(line); err != nil {
				t.Errorf("%s:%d: %v\n%s", name, i+1, err, line)
			}
		}
	}
}

func TestChecksCanFail(t *testing.T) {
	var order auditOrder
	boots := bootTimes{}
	for _, tc := range []struct {
		check func([]byte) error
		line  string
	}{
		{onlyNobodysAddresses, "from 8.8.8.8 port 1"},
		{onlyNobodysAddresses, "SRC=2a00:1450:0000:0000:0000:0000:0000:0001 "},
		{encodedAsKernelsDo, `apparmor="DENIED" name="/a b"`},
		{encodedAsKernelsDo, `apparmor="DENIED" name=2F61`},
		{encodedAsKernelsDo, `apparmor="DENIED" name=2f6120`},
		{encodedAsKernelsDo, `apparmor="DENIED" name=/a`},
		{lengthsAgree, "[ 1.0] [UFW BLOCK] IN=a OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TOS=0x00 PREC=0x00 TTL=1 ID=1 PROTO=UDP SPT=1 DPT=2 LEN=20 "},
		{lengthsAgree, "LEN=60 TC=0 HOPLIMIT=1 FLOWLBL=0 PROTO=UDP SPT=1 DPT=2 LEN=40 "},
		{func(line []byte) error {
			boots.next(line)
			return boots.next([]byte("Nov 23 00:01:02 a kernel: [   20.000000] "))
		}, "Nov 23 00:00:00 a kernel: [   10.000000] "},
		{func(line []byte) error { order.next(line); return order.next([]byte("audit(5.000:8): ")) }, "audit(5.000:9): "},
	} {
		if tc.check([]byte(tc.line)) == nil {
			t.Errorf("nothing wrong with %s", tc.line)
		}
	}
}

var nobodys = func() (list []netip.Prefix) {
	for _, s := range strings.Fields("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16" +
		" 127.0.0.0/8 0.0.0.0/32 224.0.0.0/4 255.255.255.255/32 2001:db8::/32 fd00::/8 fe80::/10 ff00::/8 ::/127") {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}()

// onlyNobodysAddresses finds an address that may belong to somebody.
func onlyNobodysAddresses(line []byte) error {
	for _, word := range strings.FieldsFunc(string(line), func(c rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF:.", c) }) {
		addr, err := netip.ParseAddr(strings.TrimRight(word, ".:"))
		if err != nil {
			continue
		}
		addr = addr.Unmap()
		known := false
		for _, p := range nobodys {
			known = known || p.Contains(addr)
		}
		if !known {
			return fmt.Errorf("%s is not set aside for documentation", word)
		}
	}
	return nil
}

var (
	untrusted = regexp.MustCompile(` (profile|name|comm|target|peer|namespace|srcname|label|execpath)=("[^"]*"|[^ \x1d]*)`)
	busItself = regexp.MustCompile(`operation="dbus_`) // dbus-daemon encodes nothing
)

// encodedAsKernelsDo finds a value that audit_log_untrustedstring would have
// written in another way (kernel/audit.c).
func encodedAsKernelsDo(line []byte) error {
	if !bytes.Contains(line, []byte(`apparmor="`)) || busItself.Match(line) {
		return nil
	}
	for _, m := range untrusted.FindAllSubmatch(line, -1) {
		value := string(m[2])
		plain, quoted := strings.CutPrefix(value, `"`)
		if !quoted {
			b, err := hex.DecodeString(value)
			if err != nil {
				return fmt.Errorf("%s: neither quoted nor hex", m[0])
			}
			plain = string(b) + `"`
		}
		want := string(appendName(nil, strings.TrimSuffix(plain, `"`)))
		if value != want {
			return fmt.Errorf("%s: the kernel would write %s", m[0], want)
		}
	}
	return nil
}

var udp = regexp.MustCompile(`LEN=(\d+) (TOS|TC)=[^\[]* PROTO=UDP SPT=\d+ DPT=\d+ LEN=(\d+) `)

// lengthsAgree finds a datagram that does not fit its packet.
func lengthsAgree(line []byte) error {
	m := udp.FindSubmatch(line)
	if m == nil {
		return nil
	}
	packet, _ := strconv.Atoi(string(m[1]))
	datagram, _ := strconv.Atoi(string(m[3]))
	header := 20
	if string(m[2]) == "TC" {
		header = 40
	}
	if packet != header+datagram {
		return fmt.Errorf("a packet of %d bytes holds a datagram of %d", packet, datagram)
	}
	return nil
}

var auditID = regexp.MustCompile(`audit\((\d+)\.(\d{3}):(\d+)\)`)

// auditOrder follows the serials of a log: they and their times never go back
// but for a new boot, which begins at 1.
type auditOrder struct{ time, serial int }

func (o *auditOrder) next(line []byte) error {
	m := auditID.FindSubmatch(line)
	if m == nil {
		return nil
	}
	at, _ := strconv.Atoi(string(m[1]) + string(m[2]))
	serial, _ := strconv.Atoi(string(m[3]))
	if serial == 1 {
		o.serial = 0
	}
	if at < o.time || serial < o.serial {
		return fmt.Errorf("audit(%d:%d) after audit(%d:%d)", at, serial, o.time, o.serial)
	}
	o.time, o.serial = at, serial
	return nil
}

var uptime = regexp.MustCompile(`^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\w+) kernel: \[ *(\d+)\.\d{6}\] `)

// bootTimes is when each host was started, as far as its lines say: stamp minus
// uptime, which stay together until the next boot. The messages from before the
// syslog daemon's start all bear the second of that start.
type bootTimes map[string]struct{ at, up time.Duration }

func (b bootTimes) next(line []byte) error {
	m := uptime.FindSubmatch(line)
	if m == nil {
		return nil
	}
	stamp, err := time.Parse(time.Stamp, string(m[1]))
	if err != nil {
		return err
	}
	up, err := time.ParseDuration(string(m[3]) + "s")
	if err != nil || up < 10*time.Second {
		return err
	}
	boot := stamp.Sub(time.Time{}) - up
	last, known := b[string(m[2])]
	if known && up >= last.up && (boot-last.at).Abs() > time.Second {
		return fmt.Errorf("the host was started %v later than the line before says", boot-last.at)
	}
	b[string(m[2])] = struct{ at, up time.Duration }{boot, up}
	return nil
}
