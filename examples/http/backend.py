"""
Who is in voice, and POST /say, with Python's own HTTP server: python3 examples/http/backend.py
It needs websocket-client: apt-get install python3-websocket, or pip install websocket-client.
"""

import json
import os
import threading
import time
import uuid
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TimedOut
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import websocket

PORT = int(os.environ.get("PORT", "4000"))
GATEWAY = os.environ.get("GATEWAY_WS_URL", f"ws://127.0.0.1:{os.environ.get('GATEWAY_PORT', '8787')}")
TOKEN = os.environ.get("LINK_TOKEN", "")
# The gateway answers within 8 seconds.
ANSWER_S = 10

listeners = {}
waiting = {}


def heard(guild_id, state):
    user = (guild_id, state["user_id"])
    if state["channel_id"] is None:
        listeners.pop(user, None)
    else:
        listeners[user] = {"guild_id": guild_id, "channel_id": state["channel_id"], "user_id": state["user_id"]}


def received(_link, text):
    message = json.loads(text)
    kind, data = message["type"], message["data"]
    if kind in ("ack", "error"):
        answer = waiting.pop(message.get("requestId"), None)
        if answer:
            answer.set_result(message)
    elif kind == "sync" and data["state"] == "snapshot":
        # What follows says how things are; what was known before may be over.
        listeners.clear()
    elif kind == "event" and data["event"] == "VOICE_STATE_UPDATE":
        if "guild_id" in data["payload"]:
            heard(data["payload"]["guild_id"], data["payload"])
    elif kind == "event":
        guild_id = data["payload"]["id"]
        for user in [user for user in listeners if user[0] == guild_id]:
            del listeners[user]
        for state in data["payload"].get("voice_states", []):
            heard(guild_id, state)


link = websocket.WebSocketApp(
    f"{GATEWAY}/?events=GUILD_CREATE,GUILD_DELETE,VOICE_STATE_UPDATE",
    header=[f"Authorization: Bearer {TOKEN}"],
    subprotocols=["gateway-service.v2"],
    on_message=received,
    on_error=lambda _link, error: print(f"the link: {error}", flush=True),
)


def stay_connected():
    # It comes without an id, as a new one, and so is told in a snapshot how things are.
    while True:
        link.run_forever()
        time.sleep(1)


def command(name, payload):
    """Asks for a command, and returns the ack or error that answers it."""
    request_id, answer = str(uuid.uuid4()), Future()
    waiting[request_id] = answer
    data = {"command": name, "payload": payload}
    try:
        link.send(json.dumps({"type": "command", "data": data, "requestId": request_id, "ts": time.time() * 1000}))
        return answer.result(ANSWER_S)
    except (websocket.WebSocketException, OSError):
        return {"type": "error", "data": {"code": "NOT_CONNECTED", "message": "the link is down"}}
    except TimedOut:
        return {"type": "error", "data": {"code": "DEADLINE_EXCEEDED", "message": "no answer came in time"}}
    finally:
        waiting.pop(request_id, None)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/voice":
            return self.answer(404, {"message": "there is nothing here"})
        self.answer(200, list(listeners.values()))

    def do_POST(self):
        if self.path != "/say":
            return self.answer(404, {"message": "there is nothing here"})
        try:
            message = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        except ValueError:
            message = None
        said = command("send_message", message)
        if said["type"] == "ack":
            return self.answer(201, said["data"])
        refused = {"code": said["data"].get("code"), "message": said["data"]["message"]}
        self.answer(400 if refused["code"] == "INVALID_PAYLOAD" else 502, refused)

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    threading.Thread(target=stay_connected, daemon=True).start()
    # Whoever reaches it speaks as the bot: ask who they are before it listens to more than this machine.
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    print(f"listening on {PORT}", flush=True)
    server.serve_forever()
