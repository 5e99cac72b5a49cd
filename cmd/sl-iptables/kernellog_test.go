package main

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// needKernelLog skips a test where the kernel does not log for namespaces, or
// where nobody could read it.
func needKernelLog(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: sending packets needs root")
	}
	for _, tool := range []string{"unshare", "nsenter", "ip", "nft", "bash", "iptables-nft-restore", "iptables-legacy-restore"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("NOT TESTED: %s is not installed", tool)
		}
	}
	const all = "/proc/sys/net/netfilter/nf_log_all_netns"
	before, err := os.ReadFile(all)
	if err == nil {
		err = os.WriteFile(all, []byte("1\n"), 0)
	}
	if err != nil {
		t.Skip("NOT TESTED: the kernel does not log packets of a namespace: ", err)
	}
	t.Cleanup(func() { os.WriteFile(all, before, 0) })
}

// kernelLog returns the lines that the kernel logs with a prefix while something
// is done, as syslog writes them.
func kernelLog(t *testing.T, prefix string, do func()) []byte {
	t.Helper()
	fd, err := unix.Open("/dev/kmsg", unix.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skip("NOT TESTED: the kernel's log cannot be read: ", err)
	}
	defer unix.Close(fd)
	if _, err := unix.Seek(fd, 0, unix.SEEK_END); err != nil {
		t.Fatal(err)
	}
	do()
	var log []byte
	record := make([]byte, 8192)
	for {
		n, err := unix.Read(fd, record)
		if err == unix.EPIPE {
			continue // overwritten before it was read
		}
		if err != nil {
			return log
		}
		_, text, ok := strings.Cut(string(record[:n]), ";")
		text, _, _ = strings.Cut(text, "\n")
		if ok && strings.HasPrefix(text, prefix) {
			log = append(log, time.Now().Format(time.RFC3339)+" host kernel: "+text+"\n"...)
		}
	}
}

// ours leaves those lines of a log that are about our packets, which have numbers
// from 1 on: the kernel sends some of its own.
func ours(log []byte, most int) []byte {
	var out []byte
	for line := range bytes.Lines(log) {
		if n := number(string(line)); 0 < n && n <= most {
			out = append(out, line...)
		}
	}
	return out
}

// number is that of the packet which a line is about; 0 for none.
func number(line string) int {
	for _, key := range []string{" FLOWLBL=", " ID="} { // ICMP has an ID, too
		if _, rest, ok := strings.Cut(line, key); ok {
			text, _, _ := strings.Cut(rest, " ")
			n, _ := strconv.Atoi(text)
			return n
		}
	}
	return 0
}
