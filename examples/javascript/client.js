// A client of musterd in JavaScript, with the package zeromq (npm install).
//
//     node client.js ENDPOINT VERB [JSON]        asks, and prints the reply
//     node client.js ENDPOINT submit < FILE      submits JSON Lines, and prints one verdict a line
//
// An event without an id gets one before it is sent for the first time: then sending it again, because an answer was lost,
// records nothing twice. docs/schema has JSON Schemas of events and replies; docs/protocol.md says the rest.
import {randomBytes} from "node:crypto"
import {createInterface} from "node:readline/promises"
import {Dealer} from "zeromq"

const [VERSION, TIMEOUT_MS, TRIES, BATCH] = ["muster/1", 5000, 3, 500]
const [endpoint, verb, given] = process.argv.slice(2)
let socket, ledger, number = 0

function connect() {
  socket?.close() // whatever still comes on it is too late
  socket = new Dealer({linger: 0, receiveTimeout: TIMEOUT_MS})
  socket.connect(endpoint)
}

// The reply to one request; the same again if there is none.
async function ask(name, body) {
  const id = String(++number)
  const request = [VERSION, id, name, JSON.stringify(ledger ? {...body, ledger} : body)] // no other ledger than the first
  for (let left = TRIES; left > 0; left--) {
    if (!socket || left < TRIES) connect()
    await socket.send(request)
    const [, , outcome, text] = (await socket.receive().catch(() => [])).map(String)
    if (!text) continue // no answer in time
    const reply = JSON.parse(text)
    if (outcome === "error") throw new Error(`${reply.code}: ${reply.message}`)
    ledger = reply.ledger
    return reply
  }
  throw new Error(`no answer from ${endpoint}`)
}

// A UUID of version 7: milliseconds, then chance.
function newId() {
  const hex = Date.now().toString(16).padStart(12, "0") + randomBytes(10).toString("hex")
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-7$3-8$4-$5")
}

if (verb === "submit") {
  const events = []
  for await (const line of createInterface({input: process.stdin}))
    if (line.trim()) events.push({id: newId(), ...JSON.parse(line)})
  while (events.length > 0)
    for (const result of (await ask("submit", {events: events.splice(0, BATCH)})).results)
      console.log(JSON.stringify(result))
} else {
  console.log(JSON.stringify(await ask(verb, given ? JSON.parse(given) : {})))
}
