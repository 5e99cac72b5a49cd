package main

import "strconv"

// hostname is how syslog names the host. A line is noise or a denial, in one of
// two forms.
const hostname = "web1"

func (h *host) syslogHead(dst []byte) []byte {
	dst = h.clock.appendStamp(dst)
	return append(dst, " "+hostname+" "...)
}

func (h *host) syslogNoise(dst []byte) []byte {
	return h.appendText(h.syslogHead(dst), pick(&h.random, syslogTexts))
}

func (h *host) syslogDenial(dst []byte, c config) []byte {
	dst = append(h.syslogHead(dst), "kernel: "...)
	dst = append(h.clock.appendUptime(dst), ' ')
	packet := h.packet(c.kind)
	r, k := h.which(c)
	if packet {
		return h.appendPacket(dst, r, k, c.sources)
	}
	dst = append(dst, "audit: type=1400 "...)
	dst = h.appendAuditID(dst)
	return h.appendMediation(dst, r, k)
}

func (h *host) auditNoise(dst []byte) []byte {
	return h.appendText(dst, pick(&h.random, auditTexts))
}

func (h *host) auditDenial(dst []byte, c config) []byte {
	dst = append(dst, "type=AVC msg="...)
	dst = h.appendAuditID(dst)
	r, k := h.which(c)
	return h.appendMediation(dst, r, k)
}

// appendAuditID writes "audit(time:serial): " with the next serial.
func (h *host) appendAuditID(dst []byte) []byte {
	h.serial++
	dst = append(dst, "audit("...)
	dst = h.clock.appendAuditTime(dst)
	dst = append(dst, ':')
	dst = strconv.AppendInt(dst, int64(h.serial), 10)
	return append(dst, "): "...)
}
