package journal_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/journal"
)

// benchJournal has systemd-journal-remote write entries, one in a hundred the
// kernel's: 20 000, or SL_JOURNAL_ENTRIES. A million of them are 1 GB.
func benchJournal(b *testing.B) string {
	b.Helper()
	if path := os.Getenv("SL_JOURNAL"); path != "" {
		return path
	}
	n := 20_000
	if text := os.Getenv("SL_JOURNAL_ENTRIES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	rnd := rand.New(rand.NewPCG(1, 0))
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=0123456789abcdef0123456789abcdef\n", 1769000000000000+i*1000, 1000000+i*1000)
		fmt.Fprintf(&text, "_HOSTNAME=host\n_MACHINE_ID=00112233445566778899aabbccddeeff\nPRIORITY=%d\n_SOURCE_REALTIME_TIMESTAMP=%d\n", rnd.IntN(8), 1769000000000000+i*1000-rnd.IntN(99))
		if i%100 == 0 {
			fmt.Fprintf(&text, "_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\nMESSAGE=audit: type=1400 audit(%d.000:%d): apparmor=\"DENIED\" operation=\"open\" class=\"file\" profile=\"p%d\" name=\"/srv/%d\" pid=1 comm=\"c\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n\n", 1769000000+i/1000, i, i%50, i)
			continue
		}
		id := rnd.IntN(40)
		fmt.Fprintf(&text, "_TRANSPORT=syslog\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=d%d\n_COMM=d%d\n_EXE=/usr/sbin/d%d\n_CMDLINE=/usr/sbin/d%d --foreground\n_SYSTEMD_UNIT=d%d.service\n_SYSTEMD_CGROUP=/system.slice/d%d.service\n_PID=%d\n_UID=0\n_GID=0\n_CAP_EFFECTIVE=1ffffffffff\n_SELINUX_CONTEXT=unconfined\nMESSAGE=session %d opened for user u%d from 192.0.2.%d port %d, which took %d ms\n\n",
			id, id, id, id, id, id, 100+rnd.IntN(500), i, rnd.IntN(30), rnd.IntN(250), rnd.IntN(65536), rnd.IntN(1000))
	}
	return made(b, text.Bytes())
}

// BenchmarkKernel reads the kernel's entries, by the index, beside journalctl.
func BenchmarkKernel(b *testing.B) {
	folder := benchJournal(b)
	b.Run("journal", func(b *testing.B) {
		read(b, folder, journal.Match{Name: "_TRANSPORT", Value: "kernel"}, journal.Match{Name: "_TRANSPORT", Value: "audit"}, journal.Match{Name: "SYSLOG_IDENTIFIER", Value: "dbus-daemon"})
	})
	b.Run("journal-all", func(b *testing.B) { read(b, folder) })
	b.Run("journalctl", func(b *testing.B) {
		used := time.Duration(0)
		for b.Loop() {
			cmd := exec.Command("journalctl", "--quiet", "--file", folder+"/*", "-o", "json", "_TRANSPORT=kernel")
			if err := cmd.Run(); err != nil {
				b.Fatal(err)
			}
			used += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
		b.ReportMetric(used.Seconds()*1000/float64(b.N), "cpu-ms/op")
	})
}

// read reads a folder again and again.
func read(b *testing.B, folder string, matches ...journal.Match) {
	readers := opened(b, folder)
	began := cpu(b)
	for b.Loop() {
		var files []*journal.File
		for _, r := range readers {
			f, err := journal.Open(r)
			if err != nil {
				b.Fatal(err)
			}
			files = append(files, f)
		}
		var text []byte
		n := 0
		for e, err := range journal.NewReader(matches, files...).Entries() {
			if err != nil {
				b.Fatal(err)
			}
			text = journal.AppendExport(text[:0], e)
			n++
		}
		b.ReportMetric(float64(n), "entries")
		b.ReportMetric(float64(len(files)), "files")
	}
	b.ReportMetric((cpu(b)-began).Seconds()*1000/float64(b.N), "cpu-ms/op")
}

// cpu is the time that this process had a processor: others may be busy, too.
func cpu(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
